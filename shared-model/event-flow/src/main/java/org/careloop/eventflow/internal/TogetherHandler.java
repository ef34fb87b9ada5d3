package org.careloop.eventflow.internal;

import io.smallrye.mutiny.Uni;
import java.util.List;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.fhirstore.UnitOfWork;

/** A handler to which many events at once cost hardly more than one; it writes neither resources nor entities. */
interface TogetherHandler extends EventHandler {

    /** Lets {@code events}, in their order, take effect as {@link EventHandler#handle} does with one. */
    Uni<Void> handle(List<ResourceEvent> events, UnitOfWork unit);

    @Override
    default Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return handle(List.of(event), unit);
    }
}
