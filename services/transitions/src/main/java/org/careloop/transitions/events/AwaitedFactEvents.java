package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.FollowAwaitedFacts;

/** Stays of this service's own, heard as events: what was told before a stay is looked at again when it is there for all to see. */
@Singleton
@Priority(FactEvents.FIRST)
public class AwaitedFactEvents implements EventHandler {

    private final FollowAwaitedFacts followAwaitedFacts;

    AwaitedFactEvents(FollowAwaitedFacts followAwaitedFacts) {
        this.followAwaitedFacts = followAwaitedFacts;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("transitions", "Encounter"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        String encounter = event.resource().id().value();
        return event.change() == Change.DELETED
                ? followAwaitedFacts.gone(encounter, unit)
                : ResourceKey.parse(event.key())
                        .map(patient -> followAwaitedFacts.handle(
                                encounter, patient.id().value(), unit))
                        .orElseGet(() -> Uni.createFrom().voidItem());
    }
}
