package org.careloop.eventflow;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirstore.UnitOfWork;

/** What a service does when another tells of a change. Holds no rules: it calls a use case. */
public interface EventHandler {

    /** The changes that this handler wants to be told of. */
    Set<EventSource> sources();

    /**
     * Tells, from the envelope or a glance at the payload, whether {@code event} can have an effect here; what has none costs
     * neither a transaction nor a row of the inbox. When in doubt, true.
     */
    default boolean concerns(ResourceEvent event) {
        return true;
    }

    /**
     * Does at once what {@code events}, which all concern this handler, have in common, and returns those that {@link #handle} is
     * still to be called for, in their order. So that many events, most of which change little, cost hardly more than one. It writes
     * neither resources nor entities: the trail of a write names the one event that it came from.
     */
    default Uni<List<ResourceEvent>> together(List<ResourceEvent> events, UnitOfWork unit) {
        return Uni.createFrom().item(events);
    }

    /**
     * Lets {@code event} take effect inside {@code unit}; called once for each event, unless the unit fails. A FhirProblem
     * or a programming fault sends the event to the dead letters; a database that cannot be reached makes it wait.
     */
    Uni<Void> handle(ResourceEvent event, UnitOfWork unit);
}
