package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;

/** What of patients bears on clocks and measures, as their service told it last. */
@Singleton
public class KnownPatients {

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

    /** Forgets the patient. */
    public Uni<Void> forget(String patient, UnitOfWork unit) {
        return unit.sql("delete from followed_patient where patient_id = $1", patient)
                .replaceWithVoid();
    }
}
