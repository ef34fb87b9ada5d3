package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
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

    /** Most patients live, and are nobody else. */
    @Override
    public Uni<List<ResourceEvent>> together(List<ResourceEvent> events, UnitOfWork unit) {
        Map<ResourceKey, List<ResourceEvent>> byPatient =
                events.stream().collect(Collectors.groupingBy(ResourceEvent::resource));
        List<ResourceEvent> single = byPatient.values().stream()
                .filter(told -> told.size() == 1)
                .map(List::getFirst)
                .toList();
        return followPatient
                .births(single, unit)
                .chain(left -> remakeDocuments
                        .merged(byPatient.keySet(), unit)
                        .map(merged -> events.stream()
                                .filter(event -> !single.contains(event)
                                        || left.contains(event)
                                        || merged.contains(event.resource()))
                                .toList()));
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
