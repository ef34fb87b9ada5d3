package org.careloop.eventflow.internal;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.careloop.audittrail.AuditedRequest;
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
     * Calls every handler that an event concerns, in the order of {@code events} for each handler, unless the event was handled
     * before. All take effect, or none does. What concerns no handler costs nothing.
     */
    public Uni<Void> dispatch(List<Told> events) {
        List<Told> concerning = events.stream()
                .filter(told -> handlers.stream().anyMatch(handler -> wants(handler, told)))
                .toList();
        if (concerning.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        UUID[] ids = concerning.stream().map(told -> told.event().id()).toArray(UUID[]::new);
        return store.inUnit(unit -> unit.sql(RECEIVE, (Object) ids).chain(rows -> {
            Set<Object> received = rows.stream().map(row -> row[0]).collect(Collectors.toSet());
            List<Told> fresh = concerning.stream()
                    .filter(told -> received.remove(told.event().id()))
                    .toList();
            return InTurn.each(handlers, handler -> handle(handler, fresh, unit));
        }));
    }

    private static Uni<Void> handle(EventHandler handler, List<Told> events, UnitOfWork unit) {
        List<Told> wanted = events.stream().filter(told -> wants(handler, told)).toList();
        if (wanted.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return handler.together(wanted.stream().map(Told::event).toList(), unit).chain(left -> {
            Set<UUID> ids = left.stream().map(ResourceEvent::id).collect(Collectors.toSet());
            return InTurn.each(
                    wanted.stream()
                            .filter(told -> ids.contains(told.event().id()))
                            .toList(),
                    told -> handle(handler, told, unit));
        });
    }

    private static Uni<Void> handle(EventHandler handler, Told told, UnitOfWork unit) {
        ResourceEvent event = told.event();
        RequestTrace.clear();
        event.traceParent().ifPresent(RequestTrace::set);
        AuditedRequest.begin(event.traceParent().map(trace -> trace.split("-")[1]))
                .onBehalfOf("event:" + told.topic() + "/" + event.id());
        // The next event finds what this one wrote, whichever way it looks.
        return handler.handle(event, unit)
                .call(() -> unit.session().flush())
                .invoke(() -> unit.session().clear());
    }

    private static boolean wants(EventHandler handler, Told told) {
        return handler.sources().stream().anyMatch(source -> source.topic().equals(told.topic()))
                && handler.concerns(told.event());
    }
}
