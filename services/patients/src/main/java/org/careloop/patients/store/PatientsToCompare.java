package org.careloop.patients.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;

/** Patients whose medicines are to be compared again, because a Medication has changed that they take. */
@Singleton
public class PatientsToCompare {

    /** In the order of the ids: two that note the same patients wait for each other in one direction. */
    private static final String NOTE = """
            insert into patient_to_compare (patient, due)
            select distinct patient, $1::timestamptz from reconciled_stay
            where phase = 'DISCHARGED' and ended >= $2 %s order by patient
            on conflict (patient) do update set due = excluded.due""";

    private static final String OF_THESE = NOTE.formatted("and patient = any($3)");
    private static final String OF_ALL = NOTE.formatted("");

    private static final String NEXT =
            "select patient, due from patient_to_compare where due <= $1 order by due limit 1";

    private static final String DONE = "delete from patient_to_compare where patient = $1 and due = $2";

    /** After a minute, and twice as long each time, up to some four hours. */
    private static final String LATER = """
            update patient_to_compare set failures = failures + 1, due = $2::timestamptz
              + interval '1 minute' * power(2, least(failures, 8)) where patient = $1""";

    /** A patient who waits since {@code due}. */
    public record Waiting(String patient, OffsetDateTime due) {}

    PatientsToCompare() {}

    /** Notes those of {@code patients} who were discharged since {@code from}. */
    public Uni<Void> note(Collection<String> patients, Instant from, Instant now, UnitOfWork unit) {
        return unit.sql(OF_THESE, time(now), time(from), patients.toArray(String[]::new))
                .replaceWithVoid();
    }

    /** Notes all who were discharged since {@code from}. */
    public Uni<Void> noteAll(Instant from, Instant now, UnitOfWork unit) {
        return unit.sql(OF_ALL, time(now), time(from)).replaceWithVoid();
    }

    /** Returns who waits longest. */
    public Uni<Optional<Waiting>> next(Instant now, UnitOfWork unit) {
        return unit.sql(NEXT, time(now))
                .map(rows -> rows.stream()
                        .map(row -> new Waiting(String.valueOf(row[0]), (OffsetDateTime) row[1]))
                        .findFirst());
    }

    /** Who waited was compared; who was noted again meanwhile waits on. */
    public Uni<Void> done(Waiting compared, UnitOfWork unit) {
        return unit.sql(DONE, compared.patient(), compared.due()).replaceWithVoid();
    }

    /** {@code patient} could not be compared. */
    public Uni<Void> later(String patient, Instant now, UnitOfWork unit) {
        return unit.sql(LATER, patient, time(now)).replaceWithVoid();
    }

    private static Object time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
