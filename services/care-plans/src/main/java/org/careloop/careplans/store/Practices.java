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
import java.util.Set;
import java.util.stream.Collectors;
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
              select p.role, p.practitioner, p.organization, p.starts from practitioner_place p
              where p.standing and (p.ends is null or p.ends > $2)
                and not exists (select from stay_partner s where s.organization = p.organization and s.agency)
                and not exists (
                  select from known_practitioner k where k.practitioner = p.practitioner and not k.standing))
            select person, organization,
              case when bool_and(coalesce(starts > $2, false)) then min(starts) end as begins from (
              select role as person, organization, starts from place where role = any($1)
              union all select practitioner, organization, starts from place where practitioner = any($1)
              union all select n.number, l.organization, l.starts from practitioner_number n
                join place l on l.practitioner = n.practitioner where n.number = any($1)) p
            group by person, organization order by person, organization""";

    private static final String FOLLOW = """
            with gone as (delete from general_practitioner where patient_id = $1 and person <> all($2::text[]))
            insert into general_practitioner (person, patient_id) select unnest($2::text[]), $1
            on conflict do nothing returning person""";

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

    /** Keeps that {@code people} are the general practitioners of the patient with this id; returns those who were not before. */
    public Uni<Set<String>> follow(String patientId, List<String> people, UnitOfWork unit) {
        return unit.sql(FOLLOW, patientId, array(people))
                .map(rows -> rows.stream().map(row -> (String) row[0]).collect(Collectors.toSet()));
    }

    /**
     * Waits, until the unit ends, for who places a general practitioner of the patient with this id, and lets nobody place one: they
     * see that the patient is to be looked at again, or this unit sees the place.
     */
    public Uni<Void> holdThoseOf(String patientId, UnitOfWork unit) {
        return unit.sql("select person from general_practitioner where patient_id = $1", patientId)
                .chain(rows -> hold(rows.stream().map(row -> (String) row[0]).toList(), unit));
    }

    /**
     * Lets one transaction at a time place these people or look for them again. All take them in one order, and none that holds one
     * waits for a patient.
     */
    public Uni<Void> hold(List<String> people, UnitOfWork unit) {
        List<String> ordered = people.stream()
                .sorted(Comparator.comparing((String person) -> !person.startsWith(PRACTITIONER))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        return InTurn.each(ordered, person -> unit.serialize("Practitioner", person));
    }

    /**
     * Where people work.
     *
     * @param now for whom they do
     * @param next when one of them begins elsewhere, if that is told
     */
    public record Places(Map<String, List<String>> now, Optional<Instant> next) {}

    /** Returns where {@code people} work: practitioners or their roles, by reference or by number. */
    public Uni<Places> places(List<String> people, UnitOfWork unit) {
        return people.isEmpty()
                ? Uni.createFrom().item(new Places(Map.of(), Optional.empty()))
                : unit.sql(PLACES, array(people), clock.instant().atOffset(ZoneOffset.UTC))
                        .map(Practices::places);
    }

    private static Places places(List<@Nullable Object[]> rows) {
        Map<String, List<String>> employers = new HashMap<>();
        List<Instant> later = new ArrayList<>();
        rows.forEach(row -> {
            if (row[2] instanceof OffsetDateTime begins) {
                later.add(begins.toInstant());
            } else {
                employers
                        .computeIfAbsent((String) row[0], ignored -> new ArrayList<>())
                        .add((String) row[1]);
            }
        });
        return new Places(employers, later.stream().min(Comparator.naturalOrder()));
    }

    private static @Nullable OffsetDateTime time(Optional<Instant> time) {
        return time.map(known -> known.atOffset(ZoneOffset.UTC)).orElse(null);
    }

    private static String[] array(List<String> texts) {
        return texts.toArray(String[]::new);
    }
}
