package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.BirthDate;
import org.careloop.referrals.domain.PersonServed;
import org.jspecify.annotations.Nullable;

/** What this service was told of the patients, where they live and whom services may be for; a patient is named by its literal reference. */
@Singleton
public class PatientAreas {

    /**
     * A person as a version of a Patient tells.
     *
     * @param patient a literal reference
     */
    public record Told(String patient, long version, PersonServed person) {}

    private static final String KEEP = """
            insert into patient_area as known
              (patient, version, postal_code, state, languages, born_from, born_until, gender)
            select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::text[])
            on conflict (patient) do update set version = excluded.version, postal_code = excluded.postal_code,
              state = excluded.state, languages = excluded.languages, born_from = excluded.born_from,
              born_until = excluded.born_until, gender = excluded.gender
            where known.version < excluded.version""";

    PatientAreas() {}

    /** Returns what is known of {@code patient}; empty when nobody told of that patient yet. */
    public Uni<Optional<PersonServed>> find(UnitOfWork unit, String patient) {
        return unit.session()
                .find(PatientArea.class, patient)
                .map(found -> Optional.ofNullable(found).map(PatientArea::person));
    }

    /** Keeps {@code people}, each told of another patient, unless a later version was read before. */
    public Uni<Void> keep(UnitOfWork unit, List<Told> people) {
        List<Told> inOrder =
                people.stream().sorted(Comparator.comparing(Told::patient)).toList();
        return unit.sql(
                        KEEP,
                        values(inOrder, String[]::new, Told::patient),
                        values(inOrder, Long[]::new, Told::version),
                        values(inOrder, String[]::new, told -> told.person.postalCode()),
                        values(inOrder, String[]::new, told -> told.person.state()),
                        values(inOrder, String[]::new, told -> String.join(" ", told.person.languages())),
                        values(
                                inOrder,
                                LocalDate[]::new,
                                told -> told.person.birthDate().map(BirthDate::earliest)),
                        values(
                                inOrder,
                                LocalDate[]::new,
                                told -> told.person.birthDate().map(BirthDate::latest)),
                        values(inOrder, String[]::new, told -> told.person.gender()))
                .replaceWithVoid();
    }

    /** The values of one column; null where one is absent. */
    private static Object values(
            List<Told> people, IntFunction<@Nullable Object[]> array, Function<Told, Object> column) {
        return people.stream()
                .map(column)
                .map(value -> value instanceof Optional<?> maybe ? maybe.orElse(null) : value)
                .toArray(array);
    }

    /** Forgets a patient that was deleted. */
    public Uni<Void> forget(UnitOfWork unit, String patient) {
        return unit.session()
                .createMutationQuery("delete from PatientArea a where a.patient = :patient")
                .setParameter("patient", patient)
                .executeUpdate()
                .replaceWithVoid();
    }
}
