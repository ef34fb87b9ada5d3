package org.careloop.careplans.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.careplans.domain.notice.NoticeCourse.Document;
import org.careloop.careplans.domain.notice.NoticeCourse.Due;
import org.careloop.careplans.domain.notice.NoticeCourse.Sent;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;

/** What was sent to whom of stays, and what is known of whom to send it to. */
@Singleton
public class Notices {

    private static final String SENT =
            "select encounter_id, communication, about, recipient, standing from notice where encounter_id = any($1)";

    private static final String KEEP_DOCUMENT = """
            insert into stay_document as d (document, encounter_id, number, custodian, not_sent_to, parts, standing, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (document) do update set standing = excluded.standing, version = excluded.version
              where d.version < excluded.version""";

    private static final String DOCUMENTS = """
            select encounter_id, document, number, custodian, not_sent_to, parts, standing from stay_document
            where encounter_id = any($1)""";

    private static final String KEEP_PARTNER = """
            insert into stay_partner as p (task, encounter_id, organization, standing, version) values ($1, $2, $3, $4, $5)
            on conflict (task) do update
              set organization = excluded.organization, standing = excluded.standing, version = excluded.version
              where p.version < excluded.version""";

    private static final String PARTNERS =
            "select encounter_id, organization from stay_partner where encounter_id = any($1) and standing";

    private static final String KEEP_ROLE = """
            insert into practitioner_place as p (role, practitioner, organization, standing, version)
            values ($1, $2, $3, $4, $5)
            on conflict (role) do update set practitioner = excluded.practitioner, organization = excluded.organization,
              standing = excluded.standing, version = excluded.version
              where p.version < excluded.version""";

    private static final String PLACES = """
            select person, organization from (
              select role as person, organization from practitioner_place where role = any($1) and standing
              union select practitioner, organization from practitioner_place where practitioner = any($1) and standing
              union select n.number, l.organization from practitioner_number n
                join practitioner_place l on l.practitioner = n.practitioner where n.number = any($1) and l.standing) p
            order by person, organization""";

    private static final String WAITING =
            "select distinct patient_id from unplaced_practitioner where person = any($1) order by patient_id";

    Notices() {}

    /** Returns what was sent of the stays with these ids, by them. */
    public Uni<Map<String, List<Sent>>> sent(List<String> stays, UnitOfWork unit) {
        return unit.sql(SENT, (Object) ids(stays)).map(rows -> {
            Map<String, List<Sent>> sent = new HashMap<>();
            rows.forEach(row ->
                    of(sent, row).add(new Sent((String) row[1], (String) row[2], (String) row[3], (Boolean) row[4])));
            return sent;
        });
    }

    /** Notes that {@code due} was sent as the Communication with this id. */
    public Uni<Void> add(String encounterId, Due due, String communication, UnitOfWork unit) {
        return unit.sql(
                        "insert into notice (communication, encounter_id, about, recipient, standing) values ($1, $2, $3, $4, true)",
                        communication,
                        encounterId,
                        due.about(),
                        due.recipient())
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
                            (Boolean) row[6])));
            return documents;
        });
    }

    /** Keeps whether {@code organization}, a literal reference, has accepted the Task with this id for the plan of the stay. */
    public Uni<Void> keepPartner(
            String task, String encounterId, String organization, boolean standing, long version, UnitOfWork unit) {
        return unit.sql(KEEP_PARTNER, task, encounterId, organization, standing, version)
                .replaceWithVoid();
    }

    /** Returns who has accepted Tasks for the plans of the stays with these ids, by them. */
    public Uni<Map<String, Set<String>>> partners(List<String> stays, UnitOfWork unit) {
        return unit.sql(PARTNERS, (Object) ids(stays)).map(rows -> {
            Map<String, Set<String>> partners = new HashMap<>();
            rows.forEach(row -> partners.computeIfAbsent((String) row[0], ignored -> new LinkedHashSet<>())
                    .add((String) row[1]));
            return partners;
        });
    }

    /** Keeps for whom a practitioner works in a role; all are literal references. */
    public Uni<Void> keepRole(
            String role, String practitioner, String organization, boolean standing, long version, UnitOfWork unit) {
        return unit.sql(KEEP_ROLE, role, practitioner, organization, standing, version)
                .replaceWithVoid();
    }

    /** Keeps by which numbers, as {@code system|value}, others know {@code practitioner}, a literal reference. */
    public Uni<Void> keepNumbers(String practitioner, List<String> numbers, UnitOfWork unit) {
        return unit.sql("delete from practitioner_number where practitioner = $1", practitioner)
                .chain(() -> unit.sql(
                        "insert into practitioner_number (practitioner, number) select $1, unnest($2::text[])",
                        practitioner,
                        ids(numbers)))
                .replaceWithVoid();
    }

    /** Keeps which {@code people} of the patient with this id the directory does not place. */
    public Uni<Void> keepUnplaced(String patientId, List<String> people, UnitOfWork unit) {
        return unit.sql("delete from unplaced_practitioner where patient_id = $1", patientId)
                .chain(() -> unit.sql(
                        "insert into unplaced_practitioner (person, patient_id) select unnest($2::text[]), $1",
                        patientId,
                        ids(people)))
                .replaceWithVoid();
    }

    /** Returns, sorted, the ids of the patients who wait for a place of one of {@code people}. */
    public Uni<List<String>> waiting(List<String> people, UnitOfWork unit) {
        return unit.sql(WAITING, (Object) ids(people))
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /** Returns by which numbers others know {@code practitioner}. */
    public Uni<List<String>> numbers(String practitioner, UnitOfWork unit) {
        return unit.sql("select number from practitioner_number where practitioner = $1", practitioner)
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /**
     * Lets one transaction at a time place these people or look where they are: else one could note that it waits for what another
     * has just told.
     */
    public Uni<Void> hold(List<String> people, UnitOfWork unit) {
        return InTurn.each(people.stream().sorted().toList(), person -> unit.serialize("Practitioner", person));
    }

    /** Returns for whom {@code people} work: practitioners or their roles, by reference or by number. */
    public Uni<Map<String, List<String>>> employers(List<String> people, UnitOfWork unit) {
        return people.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : unit.sql(PLACES, (Object) ids(people)).map(rows -> {
                    Map<String, List<String>> employers = new HashMap<>();
                    rows.forEach(row -> of(employers, row).add((String) row[1]));
                    return employers;
                });
    }

    private static <T> List<T> of(Map<String, List<T>> map, Object[] row) {
        return map.computeIfAbsent((String) row[0], ignored -> new ArrayList<>());
    }

    private static String[] ids(List<String> ids) {
        return ids.toArray(String[]::new);
    }
}
