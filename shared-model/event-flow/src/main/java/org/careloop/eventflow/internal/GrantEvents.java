package org.careloop.eventflow.internal;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.AccessGrants;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;

/** Keeps which organisation may see which patient's compartment because of resources that other services hold. */
@Singleton
public class GrantEvents implements TogetherHandler {

    private final AccessGrants grants;
    private final Set<EventSource> sources;

    GrantEvents(AccessGrants grants, ResourceStore store) {
        this.grants = grants;
        this.sources = grants.types().stream()
                .filter(type -> !store.types().contains(type))
                .map(type -> new EventSource(grants.holder(type), type))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<EventSource> sources() {
        return sources;
    }

    @Override
    public Uni<Void> handle(List<ResourceEvent> events, UnitOfWork unit) {
        return grants.keep(newest(events).stream().map(this::version).toList(), unit);
    }

    /** Only the newest of each resource, because one statement changes a row once. */
    private static Collection<ResourceEvent> newest(List<ResourceEvent> events) {
        return events.stream()
                .collect(Collectors.toMap(
                        ResourceEvent::resource,
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparingLong(ResourceEvent::version)),
                        LinkedHashMap::new))
                .values();
    }

    private AccessGrants.Version version(ResourceEvent event) {
        return new AccessGrants.Version(
                event.resource(),
                event.version(),
                event.author(),
                event.occurredAt(),
                event.change() == Change.DELETED,
                FhirJson.parseOnly(
                        event.payload(), grants.elements(event.resource().type())));
    }
}
