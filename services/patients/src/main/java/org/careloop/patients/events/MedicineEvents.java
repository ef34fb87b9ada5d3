package org.careloop.patients.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.app.FollowMedication;
import org.careloop.patients.app.ReconcileStay;

/** Medicines and allergies of this service's own, heard as events: to compare keeps no write waiting. */
@Singleton
public class MedicineEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Stream.of(
                    "MedicationRequest", "MedicationStatement", "AllergyIntolerance", "List", "Medication")
            .map(type -> new EventSource("patients", type))
            .collect(Collectors.toUnmodifiableSet());

    private final ReconcileStay reconcileStay;
    private final FollowMedication followMedication;

    MedicineEvents(ReconcileStay reconcileStay, FollowMedication followMedication) {
        this.reconcileStay = reconcileStay;
        this.followMedication = followMedication;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    /** The key of an event is the patient, or the resource of nobody. */
    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        if (event.resource().type().equals("Medication")) {
            return followMedication.handle(event.resource().id().value(), unit);
        }
        ResourceKey.parse(event.key())
                .filter(key -> key.type().equals("Patient"))
                .ifPresent(patient -> reconcileStay.lastOfPatient(patient.id().value(), unit));
        return Uni.createFrom().voidItem();
    }
}
