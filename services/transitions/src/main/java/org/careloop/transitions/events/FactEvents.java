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
import org.careloop.transitions.app.FollowFact;
import org.hl7.fhir.r4.model.Condition;

/** What risk scores of stays rest on, and is told after them. */
@Singleton
public class FactEvents implements EventHandler {

    private final FollowFact followFact;

    FactEvents(FollowFact followFact) {
        this.followFact = followFact;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("patients", "Condition"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return event.change() == Change.DELETED
                ? followFact.gone(event.resource(), unit)
                : followFact.handle(FhirJson.parse(Condition.class, event.payload()), unit);
    }
}
