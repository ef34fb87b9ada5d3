package org.careloop.eventflow;

import io.smallrye.mutiny.Uni;
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
     * Lets {@code event} take effect inside {@code unit}; called once for each event, unless the unit fails. A FhirProblem
     * or a programming fault sends the event to the dead letters; a database that cannot be reached makes it wait.
     */
    Uni<Void> handle(ResourceEvent event, UnitOfWork unit);
}
