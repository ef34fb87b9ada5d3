package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.FollowPatient;
import org.hl7.fhir.r4.model.Patient;

/** Patients: when they were born, and whether they live. */
@Singleton
public class PatientEvents implements EventHandler {

    private final FollowPatient followPatient;

    PatientEvents(FollowPatient followPatient) {
        this.followPatient = followPatient;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("patients", "Patient"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return event.change() == Change.DELETED
                ? followPatient.gone(event.resource().id().value(), event.version(), unit)
                : followPatient.handle(
                        FhirJson.parse(Patient.class, event.payload()), event.version(), event.occurredAt(), unit);
    }
}
