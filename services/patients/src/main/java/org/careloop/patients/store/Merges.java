package org.careloop.patients.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;

/** Which Patient was merged into which. */
@Singleton
public class Merges {

    private static final String KEEP = """
            insert into patient_merge (source, target, merged, last_row, source_was, identifiers)
            select $1, $2, $3, (select coalesce(max(rid), 0) from resource), $4, $5""";

    private static final String FIND =
            "select source, target, merged, last_row, source_was, identifiers from patient_merge where source = $1";

    /** What was moved, from this source or another, and not changed beside, is not what came since. */
    private static final String SINCE = """
            select r.type || '/' || r.id from resource r where r.patient = $1 and not r.deleted and r.type <> 'Patient'
              and (r.rid > $2 or r.changed >= $5) and not exists (select from moved_reference m
                where m.replaced = $3 and m.type = r.type and m.id = r.id)
              and not (r.rid <= $2
                and exists (select from moved_reference m where m.type = r.type and m.id = r.id)
                and not exists (select from resource_history h where h.type = r.type and h.id = r.id and h.changed >= $5))
            order by r.rid limit $4""";

    Merges() {}

    /**
     * A merge that was not undone.
     *
     * @param lastRow number of the last row of the store then
     * @param was the source before
     * @param handedOver the identifiers that the target got from the source
     */
    public record Merge(
            String source, String target, Instant at, long lastRow, Patient was, List<Identifier> handedOver) {

        /** Returns the same with other identifiers. */
        public Merge of(List<Identifier> others) {
            return new Merge(source, target, at, lastRow, was, List.copyOf(others));
        }
    }

    /** Keeps a merge. */
    public Uni<Void> keep(UnitOfWork unit, Patient source, String target, Instant at, List<Identifier> handedOver) {
        return unit.sql(
                        KEEP,
                        source.getIdElement().getIdPart(),
                        target,
                        at.atOffset(ZoneOffset.UTC),
                        text(source),
                        text(handedOver))
                .replaceWithVoid();
    }

    /** Keeps that the target has {@code handedOver} from {@code source} (its id). */
    public Uni<Void> handOver(UnitOfWork unit, String source, List<Identifier> handedOver) {
        return unit.sql("update patient_merge set identifiers = $2 where source = $1", source, text(handedOver))
                .replaceWithVoid();
    }

    /** Returns how {@code source} (its id) was merged. */
    public Uni<Optional<Merge>> of(UnitOfWork unit, String source) {
        return unit.sql(FIND, source)
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Merge(
                                (String) row[0],
                                (String) row[1],
                                ((OffsetDateTime) row[2]).toInstant(),
                                (Long) row[3],
                                patient(row[4]),
                                patient(row[5]).getIdentifier())));
    }

    /** Returns the ids of those whose target was {@code target}. */
    public Uni<List<String>> into(UnitOfWork unit, String target) {
        return unit.sql("select source from patient_merge where target = $1 order by source", target)
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /** Forgets the merge of {@code source}. */
    public Uni<Void> forget(UnitOfWork unit, String source) {
        return unit.sql("delete from patient_merge where source = $1", source).replaceWithVoid();
    }

    /** Returns up to {@code most} references to what was written or changed in the record of {@code survivor} after {@code merge}, but not moved. */
    public Uni<List<String>> since(UnitOfWork unit, Merge merge, String survivor, int most) {
        return unit.sql(
                        SINCE,
                        survivor,
                        merge.lastRow(),
                        merge.source(),
                        most,
                        merge.at().atOffset(ZoneOffset.UTC))
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    private static String text(List<Identifier> handedOver) {
        Patient identifiers = new Patient();
        handedOver.forEach(identifiers::addIdentifier);
        return text(identifiers);
    }

    private static String text(Patient patient) {
        return new String(FhirJson.write(patient), StandardCharsets.UTF_8);
    }

    private static Patient patient(Object text) {
        return FhirJson.parse(Patient.class, ((String) text).getBytes(StandardCharsets.UTF_8));
    }
}
