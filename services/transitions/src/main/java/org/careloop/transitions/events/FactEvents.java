package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.FollowFact;
import org.careloop.transitions.domain.HospitalScore;

/** What risk scores of stays rest on, and is told after them. */
@Singleton
@Priority(FactEvents.FIRST)
public class FactEvents implements EventHandler {

    /** Before those who lock transitions alone: of one unit the Encounters come before the transitions. */
    static final int FIRST = 1;

    private final FollowFact followFact;
    private final Set<String> tests;

    FactEvents(FollowFact followFact, HospitalScore hospital) {
        this.followFact = followFact;
        this.tests = hospital.codes();
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(
                new EventSource("patients", "Condition"),
                new EventSource("patients", "Observation"),
                new EventSource("patients", "Procedure"));
    }

    /** Of all that is measured, few tests count. */
    @Override
    public boolean concerns(ResourceEvent event) {
        return !event.resource().type().equals("Observation") || tests.stream().anyMatch(event::mentions);
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return event.change() == Change.DELETED
                ? followFact.gone(event.resource(), unit)
                : followFact.handle(FhirJson.parse(event.payload()), unit);
    }
}
