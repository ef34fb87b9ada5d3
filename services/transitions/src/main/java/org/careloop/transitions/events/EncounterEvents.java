package org.careloop.transitions.events;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.app.ReckonMilestones;

/**
 * A stay may be the readmission of another. This service's own stays are heard of as events, so that no write of one waits for another,
 * and all transitions of a patient are locked in one order.
 */
@Singleton
public class EncounterEvents implements EventHandler {

    private final ReckonMilestones reckonMilestones;

    EncounterEvents(ReckonMilestones reckonMilestones) {
        this.reckonMilestones = reckonMilestones;
    }

    @Override
    public Set<EventSource> sources() {
        return Set.of(new EventSource("transitions", "Encounter"));
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return ResourceKey.parse(event.key())
                .map(patient -> reckonMilestones.around(Set.of(patient.id().value()), Set.of(), unit))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }
}
