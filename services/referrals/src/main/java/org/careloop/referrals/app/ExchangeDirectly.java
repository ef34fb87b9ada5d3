package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.calleraccess.Role;
import org.careloop.calleraccess.SmartScopes;
import org.careloop.eventflow.Causes;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.FhirRestConfig;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.CoordinationTask;
import org.careloop.referrals.domain.DirectTask;
import org.careloop.referrals.domain.TaskLifecycle;
import org.careloop.referrals.store.DirectReferrals;
import org.careloop.referrals.store.DirectReferrals.Direct;
import org.careloop.referrals.store.DirectReferrals.Partner;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Task;

/**
 * Exchanges the referrals of one agency with its own FHIR server: puts a copy of each Task there, brings what changes here to the copy,
 * and what the agency says there to the Task, as if it had said it here.
 *
 * <p>A call and what follows from it are not one transaction, so each step can be taken again: a copy is found by the identifier of our
 * Task before another is made, what the agency says is compared with what is known.
 */
@Singleton
class ExchangeDirectly {

    private static final int MOST = 50;
    private static final int MOST_ENLISTED = 500;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    /** A Task may be committed after others with a later time. */
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private static final int FAILURES_UNTIL_TOLD = 3;

    private final ResourceStore store;
    private final AccessPolicy policy;
    private final DirectReferrals directs;
    private final ReferralsConfig.Direct config;
    private final String ownBase;
    private final Clock clock;

    ExchangeDirectly(
            ResourceStore store,
            AccessPolicy policy,
            DirectReferrals directs,
            ReferralsConfig config,
            FhirRestConfig rest,
            Clock clock) {
        this.store = store;
        this.policy = policy;
        this.directs = directs;
        this.config = config.direct();
        this.ownBase = rest.baseUrl().replaceFirst("/$", "");
        this.clock = clock;
    }

    /** Exchanges what there is with {@code server}, that of {@code endpoint}, if it is time to; fails only as the database does. */
    Uni<Void> handle(Endpoint endpoint, PartnerServer server) {
        String id = endpoint.getIdElement().getIdPart();
        Instant now = clock.instant();
        return store.inUnit(unit -> directs.partner(unit, id)).chain(known -> {
            Partner partner = known.orElseGet(() -> new Partner(Instant.EPOCH, now, 0));
            return partner.dueAt().isAfter(now)
                    ? Uni.createFrom().voidItem()
                    : enlist(endpoint, partner, now)
                            .chain(until -> exchange(id, agency(endpoint), server)
                                    .chain(() -> keep(
                                            id, new Partner(until, now.plus(config.interval()), 0), Optional.empty())))
                            .onFailure(PartnerServer.Unusable.class)
                            .recoverWithUni(failure -> failed(id, partner, now, failure));
        });
    }

    private Uni<Void> failed(String endpoint, Partner partner, Instant now, Throwable failure) {
        int failures = partner.failures() + 1;
        LOG.partnerFailed(endpoint, failures, String.valueOf(failure.getMessage()));
        return keep(
                endpoint,
                new Partner(partner.lookedUntil(), now.plus(pause(failures)), failures),
                Optional.ofNullable(failure.getMessage()));
    }

    /** Doubles with each failure in a row. */
    Duration pause(int failures) {
        Duration pause = config.interval().multipliedBy(1L << Math.min(failures, 20));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private Uni<Void> keep(String endpoint, Partner partner, Optional<String> error) {
        return store.inUnit(unit -> directs.keep(unit, endpoint, partner, error));
    }

    /** Finds what the agency was asked since the last look; returns until when that is all of it. */
    private Uni<Instant> enlist(Endpoint endpoint, Partner partner, Instant now) {
        SearchRequest search = store.parser()
                .parse(
                        "Task",
                        List.of(
                                new QueryParameter("owner", agency(endpoint)),
                                new QueryParameter("status", "requested"),
                                new QueryParameter("focus:missing", "false"),
                                new QueryParameter("_lastUpdated", "ge" + partner.lookedUntil()),
                                new QueryParameter("_sort", "_lastUpdated"),
                                new QueryParameter("_count", Integer.toString(MOST_ENLISTED))));
        return store.search(search, type -> Condition.EVERYTHING).chain(page -> {
            List<StoredResource> found = page.matches();
            return store.inUnit(unit -> InTurn.each(
                            found,
                            task -> directs.enlist(
                                    unit,
                                    task.key().id().value(),
                                    endpoint.getIdElement().getIdPart())))
                    .replaceWith(
                            found.size() < MOST_ENLISTED
                                    ? now.minus(OVERLAP)
                                    : found.getLast().changed());
        });
    }

    private Uni<Void> exchange(String endpoint, String agency, PartnerServer server) {
        return store.inUnit(unit -> directs.open(unit, endpoint)).chain(open -> {
            List<List<Direct>> batches = new ArrayList<>();
            for (int from = 0; from < open.size(); from += MOST) {
                batches.add(open.subList(from, Math.min(open.size(), from + MOST)));
            }
            return InTurn.each(batches, batch -> exchangeAll(batch, endpoint, agency, server));
        });
    }

    private Uni<Void> exchangeAll(List<Direct> batch, String endpoint, String agency, PartnerServer server) {
        List<String> remotes =
                batch.stream().flatMap(direct -> direct.remote().stream()).toList();
        Uni<Map<String, Task>> copies = remotes.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : server.read(remotes)
                        .map(found -> found.stream()
                                .collect(Collectors.toMap(
                                        task -> task.getIdElement().getIdPart(), Function.identity(), (a, b) -> a)));
        return copies.chain(known -> InTurn.each(
                batch,
                direct -> exchangeOne(direct, known, endpoint, agency, server)
                        .onFailure(
                                failure -> failure instanceof PartnerServer.Refused || failure instanceof FhirProblem)
                        .recoverWithUni(failure -> refused(direct, failure))));
    }

    private Uni<Void> exchangeOne(
            Direct direct, Map<String, Task> copies, String endpoint, String agency, PartnerServer server) {
        ResourceKey key = ResourceKey.of("Task", direct.task());
        return store.find(key, policy.decide(asAgency(agency), key.type(), Interaction.READ))
                .chain(open -> {
                    Optional<StoredResource> seen = open.filter(task -> !task.deleted());
                    return seen.isEmpty()
                            ? leave(direct, key)
                            : exchangeSeen(direct, seen.get(), copies, endpoint, agency, server);
                });
    }

    /** What the agency may not see here, for want of consent say, is not exchanged with it; what is no more, never again. */
    private Uni<Void> leave(Direct direct, ResourceKey key) {
        return store.find(key, Condition.EVERYTHING)
                .chain(found -> found.filter(task -> !task.deleted()).isPresent()
                        ? Uni.createFrom().voidItem()
                        : done(direct));
    }

    private Uni<Void> exchangeSeen(
            Direct direct,
            StoredResource stored,
            Map<String, Task> copies,
            String endpoint,
            String agency,
            PartnerServer server) {
        if (direct.remote().isEmpty()) {
            return TaskLifecycle.hasEnded(stored.as(Task.class))
                    ? done(direct)
                    : send(direct, stored, endpoint, server);
        }
        Task copy = copies.get(direct.remote().get());
        return copy == null
                ? Uni.createFrom().failure(new PartnerServer.Refused(404))
                : hear(direct, stored.key(), copy, agency, server)
                        .chain(heard -> tell(heard, stored.key(), copy, server));
    }

    /** A copy that was made although its answer was lost is found. */
    private Uni<Void> send(Direct direct, StoredResource stored, String endpoint, PartnerServer server) {
        Task ours = stored.as(Task.class);
        return server.find(DirectTask.identifier(ours))
                .chain(copy -> copy.map(there ->
                                Uni.createFrom().item(there.getIdElement().getIdPart()))
                        .orElseGet(
                                () -> server.create(DirectTask.outbound(ours, ownBase), DirectTask.identifier(ours))))
                .invoke(remote -> LOG.sentDirectly(direct.task(), endpoint))
                .chain(remote -> keep(new Direct(direct.task(), Optional.of(remote), stored.version(), 0), true));
    }

    /** Brings what the agency says to our Task; the agency knows the version that this makes. */
    private Uni<Direct> hear(Direct direct, ResourceKey key, Task copy, String agency, PartnerServer server) {
        return store.inUnit(unit -> unit.find(key, Condition.EVERYTHING).chain(found -> {
            if (found.isEmpty() || TaskLifecycle.hasEnded(found.get().as(Task.class))) {
                return Uni.createFrom().item(direct);
            }
            List<Task> told = DirectTask.told(found.get().as(Task.class), copy, server.base());
            Uni<StoredResource> stored = Uni.createFrom().item(found.get());
            for (Task next : told) {
                stored = stored.chain(current -> unit.update(asAgency(agency), current, next, Optional.empty()));
            }
            boolean knew = found.get().version() == direct.toldVersion();
            return stored.chain(now -> {
                Direct heard =
                        new Direct(direct.task(), direct.remote(), knew ? now.version() : direct.toldVersion(), 0);
                return directs.keep(unit, heard, Optional.empty(), true).replaceWith(heard);
            });
        }));
    }

    /** Brings what changed here to the copy; when both have ended there is nothing more to say. */
    private Uni<Void> tell(Direct direct, ResourceKey key, Task copy, PartnerServer server) {
        return store.find(key, Condition.EVERYTHING).chain(found -> {
            StoredResource stored = found.orElseThrow();
            Task ours = stored.as(Task.class);
            boolean open = !TaskLifecycle.hasEnded(ours);
            Direct told = new Direct(direct.task(), direct.remote(), stored.version(), 0);
            Optional<Task> next = stored.version() == direct.toldVersion()
                    ? Optional.empty()
                    : DirectTask.update(ours, copy, ownBase);
            return next.map(server::update)
                    .orElseGet(() -> Uni.createFrom().voidItem())
                    .chain(() -> keep(told, open));
        });
    }

    /** The agency's server, or our rules, do not take it: who asked is told when that goes on. */
    private Uni<Void> refused(Direct direct, Throwable failure) {
        String cause = failure instanceof FhirProblem ? Causes.nameOf(failure) : String.valueOf(failure.getMessage());
        LOG.exchangeFailed(direct.task(), cause);
        int failures = direct.failures() + 1;
        Instant now = clock.instant();
        return store.inUnit(unit -> directs.keep(
                        unit,
                        new Direct(direct.task(), direct.remote(), direct.toldVersion(), failures),
                        Optional.of(
                                failure instanceof FhirProblem problem
                                        ? problem.code().name()
                                        : cause),
                        true)
                .chain(() -> failures < FAILURES_UNTIL_TOLD
                        ? Uni.createFrom().voidItem()
                        : tellRequester(direct, now, unit)));
    }

    private static Uni<Void> tellRequester(Direct direct, Instant now, UnitOfWork unit) {
        return unit.find(ResourceKey.of("Task", direct.task()), Condition.EVERYTHING)
                .chain(found -> found.map(task -> HandOutActivities.createIfAbsent(
                                CoordinationTask.exchangeFailed(task.as(Task.class), now), unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> done(Direct direct) {
        return keep(direct, false);
    }

    private Uni<Void> keep(Direct direct, boolean open) {
        return store.inUnit(unit -> directs.keep(unit, direct, Optional.empty(), open));
    }

    private static String agency(Endpoint endpoint) {
        return endpoint.getManagingOrganization()
                .getReferenceElement()
                .toUnqualifiedVersionless()
                .getValue();
    }

    private static Caller asAgency(String agency) {
        return new Caller(
                "direct-exchange",
                Role.PARTNER,
                Optional.of(agency.replaceFirst("^Organization/", "")),
                Optional.empty(),
                Optional.empty(),
                SmartScopes.parse("system/Task.ru"),
                false);
    }
}
