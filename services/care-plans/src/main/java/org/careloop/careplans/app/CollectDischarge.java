package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.careplans.domain.DischargeReports;
import org.careloop.careplans.store.KnownResources;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Resource;

/**
 * Keeps what is told of stays, and lets the plans of the patient and the notices to others follow: patient, encounter, risk and episode come on topics of
 * their own, so in any order.
 */
@Singleton
public class CollectDischarge {

    private final KnownResources resources;
    private final FollowStays followStays;
    private final SendNotices sendNotices;

    CollectDischarge(KnownResources resources, FollowStays followStays, SendNotices sendNotices) {
        this.resources = resources;
        this.followStays = followStays;
        this.sendNotices = sendNotices;
    }

    /**
     * Keeps the resource of {@code event}, and lets the plans that it has consequences for follow when all is kept that {@code unit}
     * is told; one unit at a time for a patient.
     */
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        if (event.resource().type().equals("Patient")) {
            return keep(event, event.resource().id().value(), Optional.empty(), unit);
        }
        Resource resource = FhirJson.parse(event.payload());
        Optional<String> patient = DischargeReports.patientOf(resource);
        Optional<String> encounter = DischargeReports.encounterOf(resource);
        return patient.isEmpty() || encounter.isEmpty()
                ? Uni.createFrom().voidItem()
                : keep(event, patient.get(), encounter, unit);
    }

    private Uni<Void> keep(ResourceEvent event, String patient, Optional<String> encounter, UnitOfWork unit) {
        return resources
                .keep(event, patient, encounter, unit)
                .invoke(() -> unit.last("plans of " + patient, () -> follow(patient, unit)));
    }

    /** Of most patients no stay is known. */
    private Uni<Void> follow(String patient, UnitOfWork unit) {
        return PatientStays.alone(patient, unit)
                .chain(() -> resources.tellOfStays(patient, unit))
                .chain(known -> known
                        ? followStays.handle(patient, unit).chain(() -> sendNotices.handle(patient, unit))
                        : Uni.createFrom().voidItem());
    }
}
