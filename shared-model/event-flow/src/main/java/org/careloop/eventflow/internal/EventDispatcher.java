package org.careloop.eventflow.internal;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.RequestTrace;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;

/** Lets an event take effect once: the inbox entry, the handlers' writes and their events commit together. */
@Singleton
public class EventDispatcher {

    private static final String RECEIVE =
            "insert into inbox (event_id, received) values ($1, now()) on conflict do nothing returning event_id";

    private final ResourceStore store;
    private final List<EventHandler> handlers;

    EventDispatcher(ResourceStore store, @All List<EventHandler> handlers) {
        this.store = store;
        this.handlers = handlers;
    }

    /** The topics that at least one handler wants. */
    public Set<String> topics() {
        return handlers.stream()
                .flatMap(handler -> handler.sources().stream())
                .map(EventSource::topic)
                .collect(Collectors.toSet());
    }

    /** Calls every handler that wants {@code topic}, unless this event was handled before. */
    public Uni<Void> dispatch(String topic, ResourceEvent event) {
        event.traceParent().ifPresent(RequestTrace::set);
        return store.inUnit(unit -> unit.sql(RECEIVE, event.id())
                .chain(received -> received.isEmpty() ? Uni.createFrom().voidItem() : handle(topic, event, unit)));
    }

    private Uni<Void> handle(String topic, ResourceEvent event, UnitOfWork unit) {
        List<EventHandler> wanting = handlers.stream()
                .filter(handler -> handler.sources().stream()
                        .anyMatch(source -> source.topic().equals(topic)))
                .toList();
        return InTurn.each(wanting, handler -> handler.handle(event, unit));
    }
}
