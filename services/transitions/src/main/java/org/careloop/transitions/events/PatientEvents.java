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
import org.careloop.transitions.app.RemakeDocuments;
import org.hl7.fhir.r4.model.Patient;

/** Patients: when they were born, whether they live, and who they were found to be, which is kept before this is told. */
@Singleton
public class PatientEvents implements EventHandler {

    private final FollowPatient followPatient;
    private final RemakeDocuments remakeDocuments;

    PatientEvents(FollowPatient followPatient, RemakeDocuments remakeDocuments) {
        this.followPatient = followPatient;
        this.remakeDocuments = remakeDocuments;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("patients", "Patient"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return event.change() == Change.DELETED
                ? followPatient.gone(event.resource().id().value(), event.version(), unit)
                : followPatient
                        .handle(
                                FhirJson.parse(Patient.class, event.payload()),
                                event.version(),
                                event.occurredAt(),
                                unit)
                        .chain(() ->
                                remakeDocuments.person(event.resource().id().value(), unit));
    }
}
