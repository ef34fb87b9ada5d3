package org.careloop.careplans.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.careplans.domain.DischargeReports;
import org.careloop.careplans.store.KnownResource;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;

/**
 * Keeps what is told of stays, and lets the plans of the patient and the notices to others follow: patient, encounter, risk and episode come on topics of
 * their own, so in any order.
 */
@Singleton
public class CollectDischarge {

    private final FollowStays followStays;
    private final SendNotices sendNotices;

    CollectDischarge(FollowStays followStays, SendNotices sendNotices) {
        this.followStays = followStays;
        this.sendNotices = sendNotices;
    }

    /**
     * Keeps the resource of {@code event}, and lets the plans that it has consequences for follow when all is kept that {@code unit}
     * is told; one unit at a time for a patient.
     */
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        Resource resource = FhirJson.parse(event.payload());
        Optional<String> patient = DischargeReports.patientOf(resource);
        Optional<String> encounter = DischargeReports.encounterOf(resource);
        if (patient.isEmpty() || encounter.isEmpty() && !(resource instanceof Patient)) {
            return Uni.createFrom().voidItem();
        }
        return keep(event, patient.get(), encounter, unit)
                .invoke(() -> unit.last("plans of " + patient.get(), () -> follow(patient.get(), unit)));
    }

    private Uni<Void> follow(String patient, UnitOfWork unit) {
        return PatientStays.alone(patient, unit)
                .chain(() -> followStays.handle(patient, unit))
                .chain(() -> sendNotices.handle(patient, unit));
    }

    private static Uni<Void> keep(ResourceEvent event, String patient, Optional<String> encounter, UnitOfWork unit) {
        return unit.session()
                .find(KnownResource.class, event.resource().reference())
                .chain(known -> {
                    if (known != null) {
                        known.become(event, patient);
                        return unit.session().flush();
                    }
                    return unit.session()
                            .persist(new KnownResource(event, patient, encounter.orElse(null)))
                            .chain(() -> unit.session().flush());
                });
    }
}
