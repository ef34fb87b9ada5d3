package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.HomeArea;

/** The areas of the patients that this service was told of; a patient is named by its literal reference. */
@Singleton
public class PatientAreas {

    PatientAreas() {}

    /** Returns the area of {@code patient}; empty when nobody told of that patient yet. */
    public Uni<Optional<HomeArea>> find(UnitOfWork unit, String patient) {
        return unit.session()
                .find(PatientArea.class, patient)
                .map(found -> Optional.ofNullable(found).map(PatientArea::area));
    }

    /** Keeps {@code area} as read from {@code version} of the Patient, unless a later version was read before. */
    public Uni<Void> keep(UnitOfWork unit, String patient, long version, HomeArea area) {
        return unit.session().find(PatientArea.class, patient).chain(found -> {
            PatientArea kept = Optional.ofNullable(found).orElseGet(() -> new PatientArea(patient));
            if (kept.isOlderThan(version)) {
                kept.set(version, area);
            }
            return unit.session().persist(kept);
        });
    }

    /** Forgets the area of a patient that was deleted. */
    public Uni<Void> forget(UnitOfWork unit, String patient) {
        return unit.session()
                .createMutationQuery("delete from PatientArea a where a.patient = :patient")
                .setParameter("patient", patient)
                .executeUpdate()
                .replaceWithVoid();
    }
}
