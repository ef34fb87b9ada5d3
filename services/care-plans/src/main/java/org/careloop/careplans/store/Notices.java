package org.careloop.careplans.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.careplans.domain.notice.NoticeCourse.Apart;
import org.careloop.careplans.domain.notice.NoticeCourse.Document;
import org.careloop.careplans.domain.notice.NoticeCourse.Due;
import org.careloop.careplans.domain.notice.NoticeCourse.Sent;
import org.careloop.fhirstore.UnitOfWork;

/** What was sent to whom of stays, which documents there are, and who works on the plans. */
@Singleton
public class Notices {

    private static final String SURVIVOR =
            "coalesce((select r.survivor from replaced_record r where r.replaced = %1$s), %1$s)";

    /** What was sent by hand has the stay of its document. */
    private static final String SENT = """
            select encounter_id, communication, about, recipient, standing, %1$s, happened, apart from notice n
            where encounter_id = any($1)
            union
            select d.encounter_id, communication, about, recipient, n.standing, %1$s, happened, apart from notice n
            join stay_document d on d.document = n.about where d.encounter_id = any($1)""".formatted(SURVIVOR.formatted("n.patient_id"));

    private static final String ADD = """
            insert into notice (communication, encounter_id, patient_id, about, recipient, happened, standing)
            values ($1, $2, $3, $4, $5, $6, true)""";

    private static final String KEEP_DOCUMENT = """
            insert into stay_document as d
              (document, encounter_id, patient_id, number, custodian, not_sent_to, parts, standing, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (document) do update
              set patient_id = excluded.patient_id, custodian = excluded.custodian, not_sent_to = excluded.not_sent_to,
                parts = excluded.parts, standing = excluded.standing, version = excluded.version
              where d.version < excluded.version""";

    private static final String DOCUMENTS = """
            select encounter_id, document, number, custodian, not_sent_to, parts, standing, %s from stay_document n
            where encounter_id = any($1)""".formatted(SURVIVOR.formatted("n.patient_id"));

    private static final String KEEP_PARTNER = """
            insert into stay_partner as p
              (task, encounter_id, patient_id, organization, standing, gets_document, agency, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (task) do update
              set patient_id = excluded.patient_id, organization = excluded.organization, standing = excluded.standing,
                gets_document = excluded.gets_document, version = excluded.version,
                agency = excluded.agency or p.agency and p.organization = excluded.organization
              where p.version < excluded.version""";

    private static final String PARTNERS = """
            select encounter_id, organization from stay_partner n
            where encounter_id = any($1) and standing and gets_document and %s = $2""".formatted(SURVIVOR.formatted("n.patient_id"));

    /**
     * Who works on the plan of a stay.
     *
     * @param task id of what it accepted
     * @param organization literal reference
     * @param standing whether it has the work now
     * @param getsDocument whether the work needs the document
     * @param agency whether it has done it as an agency, not as a practice
     */
    public record Partner(
            String task,
            String encounterId,
            String patientId,
            String organization,
            boolean standing,
            boolean getsDocument,
            boolean agency) {}

    Notices() {}

    /** Returns what was sent of the stays with these ids, by them. */
    public Uni<Map<String, List<Sent>>> sent(List<String> stays, UnitOfWork unit) {
        return unit.sql(SENT, (Object) ids(stays)).map(rows -> {
            Map<String, List<Sent>> sent = new HashMap<>();
            rows.forEach(row -> of(sent, row)
                    .add(new Sent(
                            (String) row[1],
                            (String) row[2],
                            (String) row[3],
                            (Boolean) row[4],
                            (String) row[5],
                            Optional.ofNullable(row[6]).map(Notices::instant),
                            Optional.ofNullable(row[7]).map(Notices::instant))));
            return sent;
        });
    }

    /** Notes that {@code due}, of the stay and the patient with these ids, was sent as the Communication with this id. */
    public Uni<Void> add(String encounterId, String patientId, Due due, String communication, UnitOfWork unit) {
        return unit.sql(
                        ADD,
                        communication,
                        encounterId,
                        patientId,
                        due.about(),
                        due.recipient(),
                        due.happened()
                                .map(time -> time.atOffset(ZoneOffset.UTC))
                                .orElse(null))
                .replaceWithVoid();
    }

    /** Notes that somebody sent the document with this id by the Communication with this id, so that it is taken back with the document. */
    public Uni<Void> addByHand(
            String document, String patientId, String recipient, String communication, UnitOfWork unit) {
        return unit.sql(ADD, communication, null, patientId, document, recipient, null)
                .replaceWithVoid();
    }

    /** Notes that somebody took back what was sent by hand: what the platform owes the recipient it owes them again. */
    public Uni<Void> takenBackByHand(String communication, UnitOfWork unit) {
        return unit.sql(
                        "update notice set standing = false where communication = $1 and encounter_id is null",
                        communication)
                .replaceWithVoid();
    }

    /**
     * What is known of a document of the platform.
     *
     * @param parts codes of the parts of discharge information that it holds
     */
    public record Content(boolean standing, Set<String> parts) {}

    /** Returns what is known of the document with this id; empty of one that the platform did not make. */
    public Uni<Optional<Content>> content(String document, UnitOfWork unit) {
        return unit.sql("select standing, parts from stay_document where document = $1", document)
                .map(rows -> rows.stream()
                        .map(row -> new Content((Boolean) row[0], Set.of((String[]) row[1])))
                        .findFirst());
    }

    /** Returns the id of the patient who stands for the one with this id since a merge; else the same. */
    public Uni<String> survivor(String patientId, UnitOfWork unit) {
        return unit.sql("select " + SURVIVOR.formatted("$1::text"), patientId).map(rows -> (String) rows.getFirst()[0]);
    }

    /** Notes since when the stay of something sent is of another patient. */
    public Uni<Void> apart(Apart apart, UnitOfWork unit) {
        return unit.sql(
                        "update notice set apart = $2 where communication = $1",
                        apart.communication(),
                        apart.since().map(time -> time.atOffset(ZoneOffset.UTC)).orElse(null))
                .replaceWithVoid();
    }

    /** Notes that it was taken back. */
    public Uni<Void> takenBack(String communication, UnitOfWork unit) {
        return unit.sql("update notice set standing = false where communication = $1", communication)
                .replaceWithVoid();
    }

    /** Keeps what {@code version} tells of a document of the stay, unless a later one was told before. */
    public Uni<Void> keepDocument(String encounterId, Document document, long version, UnitOfWork unit) {
        return unit.sql(
                        KEEP_DOCUMENT,
                        document.id(),
                        encounterId,
                        document.patient(),
                        document.number(),
                        document.custodian(),
                        document.notSentTo().toArray(String[]::new),
                        document.parts().toArray(String[]::new),
                        document.standing(),
                        version)
                .replaceWithVoid();
    }

    /** Returns the documents of the stays with these ids, by them. */
    public Uni<Map<String, List<Document>>> documents(List<String> stays, UnitOfWork unit) {
        return unit.sql(DOCUMENTS, (Object) ids(stays)).map(rows -> {
            Map<String, List<Document>> documents = new HashMap<>();
            rows.forEach(row -> of(documents, row)
                    .add(new Document(
                            (String) row[1],
                            ((Number) row[2]).intValue(),
                            (String) row[3],
                            Set.of((String[]) row[4]),
                            Set.of((String[]) row[5]),
                            (Boolean) row[6],
                            (String) row[7])));
            return documents;
        });
    }

    /** Keeps what {@code version} of its Task tells of {@code partner}, unless a later one was told before. */
    public Uni<Void> keepPartner(Partner partner, long version, UnitOfWork unit) {
        return unit.sql(
                        KEEP_PARTNER,
                        partner.task(),
                        partner.encounterId(),
                        partner.patientId(),
                        partner.organization(),
                        partner.standing(),
                        partner.getsDocument(),
                        partner.agency(),
                        version)
                .replaceWithVoid();
    }

    /** Returns who has accepted work for this patient that needs the documents of the stays with these ids, by them. */
    public Uni<Map<String, Set<String>>> partners(List<String> stays, String patient, UnitOfWork unit) {
        return unit.sql(PARTNERS, ids(stays), patient).map(rows -> {
            Map<String, Set<String>> partners = new HashMap<>();
            rows.forEach(row -> partners.computeIfAbsent((String) row[0], ignored -> new LinkedHashSet<>())
                    .add((String) row[1]));
            return partners;
        });
    }

    private static Instant instant(Object time) {
        return time instanceof Instant instant ? instant : ((OffsetDateTime) time).toInstant();
    }

    private static <T> List<T> of(Map<String, List<T>> map, Object[] row) {
        return map.computeIfAbsent((String) row[0], ignored -> new ArrayList<>());
    }

    private static String[] ids(List<String> ids) {
        return ids.toArray(String[]::new);
    }
}
