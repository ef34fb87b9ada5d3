package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.PersonServed;
import org.careloop.referrals.store.PatientAreas;
import org.hl7.fhir.r4.model.Patient;

/** Keeps of patients what the choice of an agency needs, and addresses their referrals that waited for it. */
@Singleton
public class KeepPatientArea {

    private final PatientAreas areas;
    private final ChooseAgency chooseAgency;

    KeepPatientArea(PatientAreas areas, ChooseAgency chooseAgency) {
        this.areas = areas;
        this.chooseAgency = chooseAgency;
    }

    /** Keeps what {@code version} of {@code patient} tells, unless a later one is known. */
    public Uni<Void> handle(Patient patient, long version, UnitOfWork unit) {
        String reference = referenceTo(patient);
        return serialize(reference, unit)
                .chain(() -> areas.keep(unit, reference, version, PersonServed.of(patient)))
                .chain(() -> chooseAgency.retryFor(reference, unit));
    }

    /** Addresses the referrals of {@code patient}, a literal reference, that waited and can be now. */
    public Uni<Void> retryFor(String patient, UnitOfWork unit) {
        return serialize(patient, unit).chain(() -> chooseAgency.retryFor(patient, unit));
    }

    /** Forgets a patient that was deleted. */
    public Uni<Void> forget(Patient patient, UnitOfWork unit) {
        return areas.forget(unit, referenceTo(patient));
    }

    /** Of units that concern the area of one patient, one runs at a time. */
    static Uni<Void> serialize(String patient, UnitOfWork unit) {
        return unit.serialize("Patient", patient);
    }

    private static String referenceTo(Patient patient) {
        return "Patient/" + patient.getIdElement().getIdPart();
    }
}
