package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.eventflow.Causes;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.store.NetworkReferrals;
import org.careloop.referrals.store.NetworkReferrals.Changed;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.Task;

/**
 * Passes on what one network was asked for, and follows it. What changed is noted first and forgotten with what is done for it, so a
 * restart loses nothing.
 */
@Singleton
class PassOnAll {

    private static final int MOST = 500;
    /** A change may become visible so much later than its time says. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);
    /** After so long what the network might not see is looked at again. */
    private static final Duration SHUT = Duration.ofMinutes(1);

    /** What was found in the overlap before, so that it is not looked at in each round. */
    static final class Seen {
        private final Map<String, Instant> changes = new HashMap<>();

        /** Whether {@code resource} is found for the first time in this version. */
        boolean isNew(StoredResource resource) {
            return changes.putIfAbsent(resource.key().reference() + "/" + resource.version(), resource.changed())
                    == null;
        }

        void forget(Instant before) {
            changes.values().removeIf(changed -> changed.isBefore(before));
        }
    }

    private final ResourceStore store;
    private final ReadEachPage readEachPage;
    private final NetworkReferrals networks;
    private final PassOn passOn;
    private final Duration interval;
    private final Clock clock;

    PassOnAll(
            ResourceStore store,
            ReadEachPage readEachPage,
            NetworkReferrals networks,
            PassOn passOn,
            ReferralsConfig config,
            Clock clock) {
        this.store = store;
        this.readEachPage = readEachPage;
        this.networks = networks;
        this.passOn = passOn;
        this.interval = config.indirectInterval();
        this.clock = clock;
    }

    /** Does what there is to do for the network of {@code endpoint}; one that fails keeps no other waiting. */
    Uni<Void> handle(Endpoint endpoint, Seen seen) {
        String id = endpoint.getIdElement().getIdPart();
        String network = ExchangeDirectly.agency(endpoint);
        Instant now = clock.instant();
        return store.inUnit(unit -> networks.looked(unit, id))
                .chain(looked -> note(id, network, looked.orElse(Instant.EPOCH), now, seen))
                .chain(() -> store.inUnit(unit -> networks.due(unit, id, now, MOST)))
                .chain(due -> InTurn.each(
                        due,
                        changed -> handle(changed, id, network, endpoint.getStatus() == EndpointStatus.ACTIVE, now)));
    }

    private Uni<Void> handle(Changed changed, String endpoint, String network, boolean takesNew, Instant now) {
        return store.inUnit(unit -> passOn.handle(ResourceKey.of("Task", changed.task()), network, takesNew, unit)
                        .chain(again -> again
                                ? networks.later(unit, endpoint, changed.task(), now.plus(SHUT))
                                : networks.done(unit, endpoint, changed.task())))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.notPassedOn(changed.task(), changed.failures() + 1, Causes.nameOf(failure));
                    Instant again = now.plus(ExchangeDirectly.pause(interval, changed.failures()));
                    return store.inUnit(unit -> networks.failed(unit, endpoint, changed, again));
                });
    }

    /**
     * A part that changed is found by its requester, a request by who is asked for it. Until when changes are noted is kept only when
     * all of them are: of one instant there may be more than a page holds.
     */
    private Uni<Void> note(String endpoint, String network, Instant since, Instant now, Seen seen) {
        Instant until = now.minus(OVERLAP);
        Set<String> wholes = new TreeSet<>();
        QueryParameter asksOthers = new QueryParameter("requester", network);
        QueryParameter isPart = new QueryParameter("part-of:missing", "false");
        return changed("Task", List.of(new QueryParameter("owner", network)), since, page -> {
                    page.stream().filter(seen::isNew).forEach(whole -> wholes.add(idOf(whole)));
                    return Uni.createFrom().voidItem();
                })
                .chain(() -> changed("Task", List.of(asksOthers, isPart), since, page -> {
                    page.stream().filter(seen::isNew).forEach(part -> wholes.addAll(wholesOf(part)));
                    return Uni.createFrom().voidItem();
                }))
                .chain(() -> changed(
                        "ServiceRequest",
                        List.of(new QueryParameter("_has:Task:focus:owner", network)),
                        since,
                        page -> addAskedFor(page, network, seen, wholes)))
                .chain(() -> store.inUnit(unit -> networks.note(unit, endpoint, wholes, now, until)))
                .invoke(() -> seen.forget(until));
    }

    private static String idOf(StoredResource resource) {
        return resource.key().id().value();
    }

    private static List<String> wholesOf(StoredResource part) {
        return RequestTasks.wholesOf(part.as(Task.class)).stream()
                .map(whole -> whole.id().value())
                .toList();
    }

    /** Hands each page of what fulfils {@code filters} and changed {@code since} to {@code take}. */
    private Uni<Void> changed(
            String type, List<QueryParameter> filters, Instant since, Function<List<StoredResource>, Uni<Void>> take) {
        List<QueryParameter> parameters = new ArrayList<>(filters);
        parameters.add(new QueryParameter("_lastUpdated", "ge" + since));
        // What changes meanwhile comes last, so none is passed over.
        parameters.add(new QueryParameter("_sort", "_lastUpdated"));
        return read(type, parameters, take);
    }

    private Uni<Void> read(String type, List<QueryParameter> filters, Function<List<StoredResource>, Uni<Void>> take) {
        List<QueryParameter> parameters = new ArrayList<>(filters);
        parameters.add(new QueryParameter("_count", Integer.toString(MOST)));
        return readEachPage.handle(store.parser().parse(type, parameters), each -> Condition.EVERYTHING, take);
    }

    /** Adds the ids of the Tasks by which {@code network} was asked for those of {@code requests} that are new. */
    private Uni<Void> addAskedFor(List<StoredResource> requests, String network, Seen seen, Set<String> wholes) {
        String focus = requests.stream()
                .filter(seen::isNew)
                .map(request -> request.key().reference())
                .collect(Collectors.joining(","));
        return focus.isEmpty()
                ? Uni.createFrom().voidItem()
                : read(
                        "Task",
                        List.of(new QueryParameter("focus", focus), new QueryParameter("owner", network)),
                        page -> {
                            page.forEach(whole -> wholes.add(idOf(whole)));
                            return Uni.createFrom().voidItem();
                        });
    }
}
