package org.careloop.careplans.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.careplans.domain.notice.WorkPlace;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** For whom practitioners work, by which numbers others know them, and which patients wait for that. */
@Singleton
public class Practices {

    private static final String PRACTITIONER = "Practitioner/";

    private static final String KEEP_ROLE = """
            insert into practitioner_place as p (role, practitioner, organization, starts, ends, standing, version)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (role) do update set practitioner = excluded.practitioner, organization = excluded.organization,
              starts = excluded.starts, ends = excluded.ends, standing = excluded.standing, version = excluded.version
              where p.version < excluded.version""";

    private static final String KEEP_PRACTITIONER = """
            insert into known_practitioner as k (practitioner, standing, version) values ($1, $2, $3)
            on conflict (practitioner) do update set standing = excluded.standing, version = excluded.version
              where k.version < excluded.version
            returning practitioner""";

    /** An agency that works for the platform is nobody's practice, whatever a role says. */
    private static final String PLACES = """
            with place as (
              select p.role, p.practitioner, p.organization from practitioner_place p
              where p.standing and (p.starts is null or p.starts <= $2) and (p.ends is null or p.ends > $2)
                and not exists (select from stay_partner s where s.organization = p.organization and s.agency)
                and not exists (
                  select from known_practitioner k where k.practitioner = p.practitioner and not k.standing))
            select person, organization from (
              select role as person, organization from place where role = any($1)
              union select practitioner, organization from place where practitioner = any($1)
              union select n.number, l.organization from practitioner_number n
                join place l on l.practitioner = n.practitioner where n.number = any($1)) p
            order by person, organization""";

    /** Who is looked for already need not be noted twice, but what failed is tried at once. */
    private static final String WAITING = """
            insert into notice_due as d (patient_id)
            select distinct patient_id from unplaced_practitioner where person = any($1) order by patient_id
            on conflict (patient_id) do update set due = now()""";

    private final Clock clock;

    Practices(Clock clock) {
        this.clock = clock;
    }

    /** Keeps what {@code version} of a role tells, unless a later one was told before. */
    public Uni<Void> keep(WorkPlace place, long version, UnitOfWork unit) {
        return unit.sql(
                        KEEP_ROLE,
                        place.role(),
                        place.practitioner(),
                        place.organization(),
                        time(place.starts()),
                        time(place.ends()),
                        place.standing(),
                        version)
                .replaceWithVoid();
    }

    /**
     * Keeps by which numbers, as {@code system|value}, others know {@code practitioner}, a literal reference, as {@code version} of
     * them tells; a version that is told late changes nothing.
     *
     * @param standing whether there is one, and active
     */
    public Uni<Void> keepNumbers(
            String practitioner, List<String> numbers, boolean standing, long version, UnitOfWork unit) {
        return unit.sql(KEEP_PRACTITIONER, practitioner, standing, version)
                .chain(kept -> kept.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : unit.sql("delete from practitioner_number where practitioner = $1", practitioner)
                                .chain(() -> unit.sql(
                                        "insert into practitioner_number (practitioner, number)"
                                                + " select $1, unnest($2::text[])",
                                        practitioner,
                                        array(numbers)))
                                .replaceWithVoid());
    }

    /** Returns by which numbers others know {@code practitioner}. */
    public Uni<List<String>> numbers(String practitioner, UnitOfWork unit) {
        return unit.sql("select number from practitioner_number where practitioner = $1", practitioner)
                .map(rows -> rows.stream().map(row -> (String) row[0]).toList());
    }

    /** Keeps which {@code people} of the patient with this id the directory does not place. */
    public Uni<Void> keepUnplaced(String patientId, List<String> people, UnitOfWork unit) {
        return unit.sql("delete from unplaced_practitioner where patient_id = $1", patientId)
                .chain(() -> unit.sql(
                        "insert into unplaced_practitioner (person, patient_id) select unnest($2::text[]), $1",
                        patientId,
                        array(people)))
                .replaceWithVoid();
    }

    /** Notes that it is to be looked again what is due of the patients who wait for a place of one of {@code people}. */
    public Uni<Void> lookAgain(List<String> people, UnitOfWork unit) {
        return unit.sql(WAITING, (Object) array(people)).replaceWithVoid();
    }

    /** Forgets that the patient with this id is to be looked at: it is done in this unit. */
    public Uni<Void> looked(String patientId, UnitOfWork unit) {
        return unit.sql("delete from notice_due where patient_id = $1", patientId)
                .replaceWithVoid();
    }

    /** Notes that it failed, and is to be tried again {@code at} this moment. */
    public Uni<Void> lookLater(String patientId, Instant at, UnitOfWork unit) {
        return unit.sql(
                        "update notice_due set attempts = attempts + 1, due = $2 where patient_id = $1",
                        patientId,
                        at.atOffset(ZoneOffset.UTC))
                .replaceWithVoid();
    }

    /**
     * Lets one transaction at a time place these people or look where they are: else one could note that it waits for what another
     * has just told. All take them in one order, and none that holds one waits for a patient.
     */
    public Uni<Void> hold(List<String> people, UnitOfWork unit) {
        List<String> ordered = people.stream()
                .sorted(Comparator.comparing((String person) -> !person.startsWith(PRACTITIONER))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        return InTurn.each(ordered, person -> unit.serialize("Practitioner", person));
    }

    /** Returns for whom {@code people} work now: practitioners or their roles, by reference or by number. */
    public Uni<Map<String, List<String>>> employers(List<String> people, UnitOfWork unit) {
        return people.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : unit.sql(PLACES, array(people), clock.instant().atOffset(ZoneOffset.UTC))
                        .map(rows -> {
                            Map<String, List<String>> employers = new HashMap<>();
                            rows.forEach(row -> employers
                                    .computeIfAbsent((String) row[0], ignored -> new ArrayList<>())
                                    .add((String) row[1]));
                            return employers;
                        });
    }

    private static @Nullable OffsetDateTime time(Optional<Instant> time) {
        return time.map(known -> known.atOffset(ZoneOffset.UTC)).orElse(null);
    }

    private static String[] array(List<String> texts) {
        return texts.toArray(String[]::new);
    }
}
