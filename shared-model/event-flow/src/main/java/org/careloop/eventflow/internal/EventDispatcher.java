package org.careloop.eventflow.internal;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.RequestTrace;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;

/** Lets events take effect once: the inbox entries, the handlers' writes and their events commit together. */
@Singleton
public class EventDispatcher {

    /** An event and where it was told. */
    public record Told(String topic, ResourceEvent event) {}

    private static final String RECEIVE = """
            insert into inbox (event_id, received) select u.id, now() from unnest($1::uuid[]) u (id)
            on conflict do nothing returning event_id""";

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

    /**
     * Calls, in the order of {@code events}, every handler that wants the topic of each, unless the event was handled before.
     * All take effect, or none does.
     */
    public Uni<Void> dispatch(List<Told> events) {
        UUID[] ids = events.stream().map(told -> told.event().id()).toArray(UUID[]::new);
        return store.inUnit(unit -> unit.sql(RECEIVE, (Object) ids).chain(rows -> {
            Set<Object> fresh = rows.stream().map(row -> row[0]).collect(Collectors.toSet());
            return InTurn.each(
                    events,
                    told -> fresh.remove(told.event().id())
                            ? handle(told, unit)
                            : Uni.createFrom().voidItem());
        }));
    }

    private Uni<Void> handle(Told told, UnitOfWork unit) {
        RequestTrace.clear();
        told.event().traceParent().ifPresent(RequestTrace::set);
        List<EventHandler> wanting = handlers.stream()
                .filter(handler -> handler.sources().stream()
                        .anyMatch(source -> source.topic().equals(told.topic())))
                .toList();
        // The next event finds what this one wrote, whichever way it looks.
        return InTurn.each(wanting, handler -> handler.handle(told.event(), unit))
                .call(() -> unit.session().flush())
                .invoke(() -> unit.session().clear());
    }
}
