package org.careloop.referrals.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.app.KeepPatientArea;
import org.careloop.referrals.domain.PersonServed;
import org.careloop.referrals.store.PatientAreas;
import org.hl7.fhir.r4.model.Patient;

/** Patients whose area may have changed. */
@Singleton
public class PatientEvents implements EventHandler {

    private static final Set<EventSource> SOURCES = Set.of(new EventSource("patients", "Patient"));

    private final KeepPatientArea keepPatientArea;

    PatientEvents(KeepPatientArea keepPatientArea) {
        this.keepPatientArea = keepPatientArea;
    }

    @Override
    public Set<EventSource> sources() {
        return SOURCES;
    }

    /** Of most patients no referral waits. */
    @Override
    public Uni<List<ResourceEvent>> together(List<ResourceEvent> events, UnitOfWork unit) {
        Map<ResourceKey, ResourceEvent> last = events.stream()
                .collect(Collectors.toMap(
                        ResourceEvent::resource,
                        event -> event,
                        BinaryOperator.maxBy(Comparator.comparingLong(ResourceEvent::version))));
        return keepPatientArea
                .handle(
                        last.values().stream()
                                .filter(event -> !isGone(event))
                                .map(PatientEvents::told)
                                .toList(),
                        unit)
                .map(waiting -> last.values().stream()
                        .filter(event -> isGone(event)
                                || waiting.contains(event.resource().reference()))
                        .toList());
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        String patient = event.resource().reference();
        return isGone(event)
                ? keepPatientArea.forget(patient, unit)
                : keepPatientArea
                        .handle(List.of(told(event)), unit)
                        .chain(() -> keepPatientArea.retryFor(patient, unit));
    }

    private static boolean isGone(ResourceEvent event) {
        return event.change() == Change.DELETED;
    }

    private static PatientAreas.Told told(ResourceEvent event) {
        return new PatientAreas.Told(event.resource().reference(), event.version(), PersonServed.of((Patient)
                FhirJson.parseOnly(event.payload(), PersonServed.ELEMENTS)));
    }
}
