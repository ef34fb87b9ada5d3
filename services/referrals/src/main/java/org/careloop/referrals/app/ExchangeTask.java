package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.eventflow.Causes;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.FhirRestConfig;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.CoordinationTask;
import org.careloop.referrals.domain.DirectTask;
import org.careloop.referrals.domain.FineStates;
import org.careloop.referrals.domain.TaskLifecycle;
import org.careloop.referrals.store.DirectReferrals;
import org.careloop.referrals.store.DirectReferrals.Direct;
import org.hl7.fhir.r4.model.Task;

/**
 * Exchanges one referral with the server of its agency: puts a copy of the Task there, brings what changes here to the copy, and what
 * the agency says there to the Task, as if it had said it here.
 *
 * <p>A call and what follows from it are not one transaction, so each step can be taken again: a copy is found by the identifier of our
 * Task before another is made, what the agency says is compared with what is known.
 */
@Singleton
class ExchangeTask {

    /**
     * With whom.
     *
     * @param endpoint the id of the Endpoint
     * @param agency the literal reference of its Organization
     */
    record With(String endpoint, String agency, PartnerServer server) {}

    private static final int FAILURES_UNTIL_TOLD = 3;

    private final ResourceStore store;
    private final AccessPolicy policy;
    private final DirectReferrals directs;
    private final FineStates fineStates;
    private final String ownBase;
    private final Clock clock;

    ExchangeTask(
            ResourceStore store,
            AccessPolicy policy,
            DirectReferrals directs,
            FineStates fineStates,
            FhirRestConfig rest,
            Clock clock) {
        this.store = store;
        this.policy = policy;
        this.directs = directs;
        this.fineStates = fineStates;
        this.ownBase = rest.baseUrl().replaceFirst("/$", "");
        this.clock = clock;
    }

    /**
     * Brings {@code direct} and its {@code copy}, as it was just read, up to date with each other. Fails with {@link
     * PartnerServer.Unusable}; when the server refuses this one, or says of it what the rules forbid, it is kept and tried again.
     */
    Uni<Void> handle(Direct direct, Optional<Task> copy, With partner) {
        return exchange(direct, copy, partner)
                .onFailure(failure -> !(failure instanceof PartnerServer.Unusable))
                .recoverWithUni(failure -> refused(direct, failure));
    }

    private Uni<Void> exchange(Direct direct, Optional<Task> copy, With partner) {
        ResourceKey key = ResourceKey.of("Task", direct.task());
        return store.find(key, policy.decide(asAgency(partner.agency()), key.type(), Interaction.READ))
                .chain(open -> {
                    Optional<StoredResource> seen = open.filter(task -> !task.deleted());
                    return seen.isEmpty() ? leave(direct, key) : exchangeSeen(direct, seen.get(), copy, partner);
                });
    }

    /** What the agency may not see here, for want of consent say, is not exchanged with it; what is no more, never again. */
    private Uni<Void> leave(Direct direct, ResourceKey key) {
        return store.find(key, Condition.EVERYTHING)
                .chain(found -> found.filter(task -> !task.deleted()).isPresent()
                        ? Uni.createFrom().voidItem()
                        : done(direct));
    }

    private Uni<Void> exchangeSeen(Direct direct, StoredResource stored, Optional<Task> read, With partner) {
        if (direct.remote().isEmpty()) {
            return TaskLifecycle.hasEnded(stored.as(Task.class)) ? done(direct) : send(direct, stored, partner);
        }
        return (read.isPresent()
                        ? Uni.createFrom().item(read)
                        : partner.server().read(direct.remote().get()))
                .chain(found -> found.filter(Task::hasStatus).isEmpty()
                        ? Uni.createFrom().failure(new PartnerServer.Refused("no copy with a status"))
                        : hear(direct, stored.key(), found.get(), partner)
                                .chain(heard -> tell(heard, stored.key(), found.get(), partner.server())));
    }

    /** A copy that was made although its answer was lost is found. */
    private Uni<Void> send(Direct direct, StoredResource stored, With partner) {
        PartnerServer server = partner.server();
        Task ours = stored.as(Task.class);
        return server.find(DirectTask.identifier(ours))
                .chain(copy -> copy.map(there ->
                                Uni.createFrom().item(there.getIdElement().getIdPart()))
                        .orElseGet(
                                () -> server.create(DirectTask.outbound(ours, ownBase), DirectTask.identifier(ours))))
                .invoke(remote -> LOG.sentDirectly(direct.task(), partner.endpoint()))
                .chain(remote -> keep(
                        new Direct(direct.task(), Optional.of(remote), stored.version(), Optional.empty(), 0), true));
    }

    /** Brings what the agency says to our Task, if it says anything since the last look; the agency knows the version that this makes. */
    private Uni<Direct> hear(Direct direct, ResourceKey key, Task copy, With partner) {
        Optional<String> version = Optional.ofNullable(copy.getMeta().getVersionId());
        if (version.isPresent() && version.equals(direct.heard())) {
            return Uni.createFrom().item(direct);
        }
        return store.inUnit(unit -> unit.find(key, Condition.EVERYTHING).chain(found -> {
            if (found.isEmpty() || TaskLifecycle.hasEnded(found.get().as(Task.class))) {
                return Uni.createFrom().item(direct);
            }
            Uni<StoredResource> stored = Uni.createFrom().item(found.get());
            for (Task next : DirectTask.told(
                    found.get().as(Task.class), copy, partner.server().base(), fineStates)) {
                stored = stored.chain(current -> unit.update(asAgency(partner.agency()), current, next));
            }
            boolean knew = found.get().version() == direct.toldVersion();
            return stored.chain(now -> {
                Direct heard = new Direct(
                        direct.task(), direct.remote(), knew ? now.version() : direct.toldVersion(), version, 0);
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
            Direct told = direct.told(stored.version());
            Optional<Task> next = stored.version() == direct.toldVersion()
                    ? Optional.empty()
                    : DirectTask.update(ours, copy, ownBase, fineStates);
            return next.map(server::update)
                    .orElseGet(() -> Uni.createFrom().voidItem())
                    .chain(() -> keep(told, open));
        });
    }

    /** The agency's server, or our rules, do not take it: who asked is told when that goes on. */
    private Uni<Void> refused(Direct direct, Throwable failure) {
        String cause = failure instanceof PartnerServer.Refused ? failure.getMessage() : Causes.nameOf(failure);
        int failures = direct.failures() + 1;
        if (failures == 1) {
            LOG.exchangeFailed(direct.task(), cause);
        }
        Instant now = clock.instant();
        return store.inUnit(unit -> directs.keep(
                        unit,
                        new Direct(direct.task(), direct.remote(), direct.toldVersion(), direct.heard(), failures),
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
                .chain(found -> found.map(task ->
                                TellRequester.by(CoordinationTask.exchangeFailed(task.as(Task.class), now), unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> done(Direct direct) {
        return keep(direct, false);
    }

    private Uni<Void> keep(Direct direct, boolean open) {
        return store.inUnit(unit -> directs.keep(unit, direct, Optional.empty(), open));
    }

    private static Caller asAgency(String agency) {
        return AsAgency.of(agency, "direct-exchange", false);
    }
}
