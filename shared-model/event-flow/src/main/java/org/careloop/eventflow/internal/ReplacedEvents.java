package org.careloop.eventflow.internal;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Grant;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.ReplacedRecords;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;

/** Keeps which patients were replaced by another where patients are not held. */
@Singleton
@Priority(ReplacedEvents.FIRST)
public class ReplacedEvents implements EventHandler {

    /** Before the handlers of the services, which have lower priorities, or none. */
    static final int FIRST = 10;

    private static final String TYPE = Compartment.patient("x").type();

    private final ReplacedRecords replaced;
    private final MoveReferencesLoop loop;
    private final Set<EventSource> sources;

    ReplacedEvents(AccessPolicy policy, ResourceStore store, ReplacedRecords replaced, MoveReferencesLoop loop) {
        this.replaced = replaced;
        this.loop = loop;
        this.sources = store.types().contains(TYPE) ? Set.of() : sources(policy);
    }

    /** Who holds them is told with what they open; where they open nothing, nobody has a record to lose. */
    private static Set<EventSource> sources(AccessPolicy policy) {
        return policy.grants().stream()
                .filter(grant -> grant.type().equals(TYPE))
                .map(Grant::service)
                .distinct()
                .map(service -> new EventSource(service, TYPE))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<EventSource> sources() {
        return sources;
    }

    @Override
    public boolean concerns(ResourceEvent event) {
        return event.resource().type().equals(TYPE) && event.change() != Change.DELETED;
    }

    /** Few patients are, or ever were, another; what is told of those is taken in its order. */
    @Override
    public Uni<List<ResourceEvent>> together(List<ResourceEvent> events, UnitOfWork unit) {
        Set<ResourceKey> told = events.stream()
                .filter(event -> event.mentions("\"" + Compartment.survivorElement() + "\""))
                .map(ResourceEvent::resource)
                .collect(Collectors.toSet());
        return replaced.ever(events.stream().map(ResourceEvent::resource).toList(), unit)
                .map(ever -> events.stream()
                        .filter(event -> ever.contains(event.resource()) || told.contains(event.resource()))
                        .toList());
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return replaced.keep(
                        event.resource(),
                        event.version(),
                        Compartment.survivorOf(
                                FhirJson.parseOnly(event.payload(), Set.of(Compartment.survivorElement()))),
                        unit)
                .invoke(loop::hint);
    }
}
