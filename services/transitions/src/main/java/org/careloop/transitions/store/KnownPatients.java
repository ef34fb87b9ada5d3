package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;

/** What of patients bears on clocks and measures, as their service told it last. */
@Singleton
public class KnownPatients {

    private static final String KEEP_LIVING = """
            with told as (
              select * from unnest($1::text[], $2::date[]) t (patient, born) where not exists (
                select from followed_patient f where f.patient_id = t.patient and f.died is not null)),
            kept as (
              insert into followed_patient (patient_id, born) select patient, born from told order by patient
              on conflict (patient_id) do update set born = excluded.born)
            select patient from told""";

    KnownPatients() {}

    /** Returns when the patient (an id) died. */
    public Uni<Optional<Instant>> died(String patient, UnitOfWork unit) {
        return find(patient, unit).map(known -> known.flatMap(KnownPatient::died));
    }

    /** Returns what is known of the patient. */
    public Uni<Optional<KnownPatient>> find(String patient, UnitOfWork unit) {
        return unit.session().find(KnownPatient.class, patient).map(Optional::ofNullable);
    }

    /** Returns what is known of {@code patients}, ids, by their ids. */
    public Uni<Map<String, KnownPatient>> of(Collection<String> patients, UnitOfWork unit) {
        return patients.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : unit.session()
                        .createSelectionQuery("from KnownPatient where patientId in :patients", KnownPatient.class)
                        .setParameter("patients", List.copyOf(patients))
                        .getResultList()
                        .map(rows -> rows.stream().collect(Collectors.toMap(KnownPatient::patientId, row -> row)));
    }

    /** Keeps what the newest version of the Patient says; returns whether it is news of a death, or that there was none. */
    public Uni<Boolean> learn(String patient, Optional<LocalDate> born, Optional<Instant> died, UnitOfWork unit) {
        return find(patient, unit)
                .chain(known -> known.map(found -> Uni.createFrom().item(found)).orElseGet(() -> {
                    KnownPatient fresh = new KnownPatient(patient);
                    return unit.session().persist(fresh).replaceWith(fresh);
                }))
                .map(row -> row.learn(born, died))
                .call(() -> unit.session().flush());
    }

    /**
     * Keeps when patients who live were born, by their ids; returns those of whom that is all there is to keep. The others were said to
     * have died: of these nothing is kept.
     */
    public Uni<Set<String>> keepLiving(Map<String, Optional<LocalDate>> born, UnitOfWork unit) {
        List<String> patients = born.keySet().stream().sorted().toList();
        return patients.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : unit.sql(
                                KEEP_LIVING,
                                patients.toArray(String[]::new),
                                patients.stream()
                                        .map(each -> born.get(each).orElse(null))
                                        .toArray(LocalDate[]::new))
                        .map(rows -> rows.stream().map(row -> (String) row[0]).collect(Collectors.toSet()));
    }

    /** Forgets the patient. */
    public Uni<Void> forget(String patient, UnitOfWork unit) {
        return unit.sql("delete from followed_patient where patient_id = $1", patient)
                .replaceWithVoid();
    }
}
