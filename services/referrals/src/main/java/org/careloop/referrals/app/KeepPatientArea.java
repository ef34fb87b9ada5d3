package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.store.PatientAreas;

/** Keeps of patients what the choice of an agency needs, and addresses their referrals that waited for it. */
@Singleton
public class KeepPatientArea {

    private final PatientAreas areas;
    private final ChooseAgency chooseAgency;

    KeepPatientArea(PatientAreas areas, ChooseAgency chooseAgency) {
        this.areas = areas;
        this.chooseAgency = chooseAgency;
    }

    /** Keeps what {@code people}, each another, tell; returns the references of those for whose referrals {@link #retryFor} may do something. */
    public Uni<Set<String>> handle(List<PatientAreas.Told> people, UnitOfWork unit) {
        List<String> references =
                people.stream().map(PatientAreas.Told::patient).toList();
        return people.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : unit.serialize("Patient", references)
                        .chain(() -> areas.keep(unit, people))
                        .chain(() -> chooseAgency.waitingOf(references, unit));
    }

    /** Addresses the referrals of {@code patient}, a literal reference, that waited and can be now. */
    public Uni<Void> retryFor(String patient, UnitOfWork unit) {
        return serialize(patient, unit).chain(() -> chooseAgency.retryFor(patient, unit));
    }

    /** Forgets {@code patient}, a literal reference, who was deleted. */
    public Uni<Void> forget(String patient, UnitOfWork unit) {
        return areas.forget(unit, patient);
    }

    /** Of units that concern the area of one patient, one runs at a time. */
    static Uni<Void> serialize(String patient, UnitOfWork unit) {
        return unit.serialize("Patient", patient);
    }
}
