package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.PersonServed;

/** What this service was told of the patients, where they live and whom services may be for; a patient is named by its literal reference. */
@Singleton
public class PatientAreas {

    PatientAreas() {}

    /** Returns what is known of {@code patient}; empty when nobody told of that patient yet. */
    public Uni<Optional<PersonServed>> find(UnitOfWork unit, String patient) {
        return unit.session()
                .find(PatientArea.class, patient)
                .map(found -> Optional.ofNullable(found).map(PatientArea::person));
    }

    /** Keeps {@code person} as read from {@code version} of the Patient, unless a later version was read before. */
    public Uni<Void> keep(UnitOfWork unit, String patient, long version, PersonServed person) {
        return unit.session().find(PatientArea.class, patient).chain(found -> {
            PatientArea kept = Optional.ofNullable(found).orElseGet(() -> new PatientArea(patient));
            if (kept.isOlderThan(version)) {
                kept.set(version, person);
            }
            return unit.session().persist(kept);
        });
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
