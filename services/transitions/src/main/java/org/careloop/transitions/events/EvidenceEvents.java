package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.KeepEvidence;
import org.careloop.transitions.domain.EvidenceRules;

/** What may show that something was done after a discharge. What is corrected or deleted may have shown something before. */
@Singleton
public class EvidenceEvents implements EventHandler {

    private static final Map<String, EventSource> SOURCES = List.of(
                    new EventSource("referrals", "Task"),
                    new EventSource("referrals", "Appointment"),
                    new EventSource("care-plans", "Communication"),
                    new EventSource("patients", "Procedure"),
                    new EventSource("transitions", "Encounter"))
            .stream()
            .collect(Collectors.toMap(EventSource::type, Function.identity()));

    private final KeepEvidence keepEvidence;
    private final EvidenceRules rules;

    EvidenceEvents(KeepEvidence keepEvidence, EvidenceRules rules) {
        this.keepEvidence = keepEvidence;
        this.rules = rules;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.copyOf(SOURCES.values());
    }

    /** What is new shows something or nothing by itself; what was changed or deleted may have shown something before. */
    @Override
    public boolean concerns(ResourceEvent event) {
        return event.change() != Change.CREATED || mayShow(event);
    }

    /** By a glance. */
    private boolean mayShow(ResourceEvent event) {
        return event.change() != Change.DELETED
                && switch (event.resource().type()) {
                    case "Task" -> event.mentions(SharedTerms.MILESTONE_SYSTEM);
                    case "Communication" -> event.mentions(SharedTerms.COMMUNICATION_CATEGORY_SYSTEM);
                    case "Procedure" -> rules.procedureCodes().stream().anyMatch(event::mentions);
                    case "Appointment" -> event.mentions("fulfilled");
                    case "Encounter" -> event.mentions("finished");
                    default -> true;
                };
    }

    /** Most of what changes shows nothing, and never did. */
    @Override
    public Uni<List<ResourceEvent>> together(List<ResourceEvent> events, UnitOfWork unit) {
        Set<ResourceKey> showing = events.stream()
                .filter(this::mayShow)
                .map(ResourceEvent::resource)
                .collect(Collectors.toSet());
        return keepEvidence
                .nothing(
                        events.stream()
                                .filter(event -> !showing.contains(event.resource()))
                                .toList(),
                        unit)
                .map(before -> events.stream()
                        .filter(event -> showing.contains(event.resource()) || before.contains(event.resource()))
                        .toList());
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return keepEvidence.handle(event, SOURCES.get(event.resource().type()).service(), unit);
    }
}
