package org.careloop.eventflow.internal;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.eventflow.EventHandler;
import org.careloop.eventflow.EventSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.AccessGrants;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;

/** Keeps which organisation may see which patient's compartment because of resources that other services hold. */
@Singleton
public class GrantEvents implements EventHandler {

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
    public Uni<List<ResourceEvent>> together(List<ResourceEvent> events, UnitOfWork unit) {
        return InTurn.each(rounds(events), round -> keep(round, unit)).replaceWith(List.of());
    }

    @Override
    public Uni<Void> handle(ResourceEvent event, UnitOfWork unit) {
        return keep(List.of(event), unit);
    }

    private Uni<Void> keep(List<ResourceEvent> events, UnitOfWork unit) {
        return grants.keep(events.stream().map(this::version).toList(), unit);
    }

    /**
     * The first version of each resource, then the second: one statement changes a row once. None is left out, because the time
     * that a record stays open counts from the version that first told of the end.
     */
    private static List<List<ResourceEvent>> rounds(List<ResourceEvent> events) {
        Map<ResourceKey, Integer> versions = new HashMap<>();
        Map<Integer, List<ResourceEvent>> rounds = new TreeMap<>();
        events.stream()
                .sorted(Comparator.comparingLong(ResourceEvent::version))
                .forEach(event -> rounds.computeIfAbsent(
                                versions.merge(event.resource(), 1, Integer::sum), _ -> new ArrayList<>())
                        .add(event));
        return List.copyOf(rounds.values());
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
