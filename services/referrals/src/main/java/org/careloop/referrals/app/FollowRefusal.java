package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;
import static org.careloop.referrals.domain.EndReasons.Consequence.ASK_NEXT;
import static org.careloop.referrals.domain.EndReasons.Consequence.MARK_NO_CAPACITY;
import static org.careloop.referrals.domain.EndReasons.Consequence.RAISE_BARRIER;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.BarrierTask;
import org.careloop.referrals.domain.Capacity;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.EndReasons.Consequence;
import org.careloop.referrals.domain.OfferClocks;
import org.careloop.referrals.domain.PlannedOrders;
import org.careloop.referrals.domain.PlannedOrders.Referral;
import org.careloop.referrals.domain.TaskLifecycle;
import org.careloop.referrals.domain.WaitingReferral;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;

/**
 * What follows when an agency says no to a referral, or gives it up: its service is marked as full, the next agency is asked,
 * whoever asked is told of a barrier. All in the transaction of the refusal.
 */
@Singleton
class FollowRefusal {

    private final EndReasons reasons;
    private final RequestTasks requestTasks;
    private final ChooseAgency chooseAgency;
    private final ChoiceLists lists;
    private final OfferClocks clocks;
    private final Clock clock;

    FollowRefusal(
            EndReasons reasons,
            RequestTasks requestTasks,
            ChooseAgency chooseAgency,
            ChoiceLists lists,
            OfferClocks clocks,
            Clock clock) {
        this.reasons = reasons;
        this.requestTasks = requestTasks;
        this.chooseAgency = chooseAgency;
        this.lists = lists;
        this.clocks = clocks;
        this.clock = clock;
    }

    /**
     * Follows {@code ended}, a Task whose owner just ended it or was silent for too long, and which works for the request {@code request}, whose lock this
     * transaction holds.
     */
    Uni<Void> handle(Task ended, ResourceKey request, UnitOfWork unit) {
        Set<Consequence> consequences = reasons.of(ended);
        return consequences.isEmpty()
                ? Uni.createFrom().voidItem()
                : unit.find(request, Condition.EVERYTHING)
                        .chain(found -> found.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : follow(ended, found.get(), consequences, unit));
    }

    private Uni<Void> follow(Task ended, StoredResource request, Set<Consequence> consequences, UnitOfWork unit) {
        Instant at = clock.instant();
        Uni<Void> done = consequences.contains(MARK_NO_CAPACITY)
                ? markNoCapacity(ended, request.as(ServiceRequest.class), unit)
                : Uni.createFrom().voidItem();
        if (consequences.contains(RAISE_BARRIER)) {
            done = done.chain(() -> raiseBarrier(ended, at, unit));
        }
        return consequences.contains(ASK_NEXT) ? done.chain(() -> askNext(ended, request, at, unit)) : done;
    }

    /** Of the services that were asked, those of the agency that has ended the Task. */
    private static Uni<Void> markNoCapacity(Task ended, ServiceRequest request, UnitOfWork unit) {
        var services = request.getPerformer().stream()
                .flatMap(
                        performer -> Optional.ofNullable(performer.getReference()).flatMap(ResourceKey::parse).stream())
                .filter(key -> key.type().equals("HealthcareService"))
                .toList();
        return InTurn.each(
                services,
                key -> unit.find(key, Condition.EVERYTHING)
                        .chain(found -> found.filter(service -> isOf(service, ended))
                                .flatMap(service -> Capacity.exhausted(service.as(HealthcareService.class)))
                                .map(full -> unit.update(Caller.PLATFORM, found.get(), full, Optional.empty())
                                        .invoke(() -> LOG.markedFull(key.id().value()))
                                        .replaceWithVoid())
                                .orElseGet(() -> Uni.createFrom().voidItem())));
    }

    private static boolean isOf(StoredResource service, Task ended) {
        return !service.deleted()
                && service.as(HealthcareService.class)
                        .getProvidedBy()
                        .getReferenceElement()
                        .toUnqualifiedVersionless()
                        .getValue()
                        .equals(ended.getOwner().getReference());
    }

    private static Uni<Void> raiseBarrier(Task ended, Instant at, UnitOfWork unit) {
        Task barrier = BarrierTask.of(ended, at);
        return HandOutActivities.createIfAbsent(barrier, unit)
                .invoke(() -> LOG.barrierRaised(barrier.getIdElement().getIdPart()));
    }

    /** Only what the platform handed out: an agency that somebody else chose is theirs to follow. */
    private Uni<Void> askNext(Task ended, StoredResource request, Instant at, UnitOfWork unit) {
        if (request.deleted() || request.as(ServiceRequest.class).getStatus() != ServiceRequestStatus.ACTIVE) {
            return Uni.createFrom().voidItem();
        }
        return lists.find(unit, ended.getIdElement().getIdPart())
                .chain(asked -> asked.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : isAskedOfOthers(request, unit)
                                .chain(others -> others
                                        ? Uni.createFrom().voidItem()
                                        : askNext(asked.get(), ended, request, at, unit)));
    }

    private Uni<Boolean> isAskedOfOthers(StoredResource request, UnitOfWork unit) {
        return requestTasks
                .of(request.key().id().value(), unit)
                .map(tasks -> tasks.values().stream().anyMatch(task -> !TaskLifecycle.hasEnded(task)));
    }

    private Uni<Void> askNext(WaitingReferral asked, Task ended, StoredResource request, Instant at, UnitOfWork unit) {
        Task task = PlannedOrders.askedAgain(ended, at);
        WaitingReferral next = asked.by(task.getIdElement().getIdPart());
        return chooseAgency.first(next, unit).chain(choice -> {
            Referral referral =
                    PlannedOrders.readdress(new Referral(request.as(ServiceRequest.class), task), choice.best());
            return unit.update(Caller.PLATFORM, request, referral.request(), Optional.empty())
                    .chain(() -> HandOutActivities.createIfAbsent(referral.task(), unit))
                    .chain(() -> lists.keep(unit, next, choice, at, Optional.of(clocks.answerBy(task, at))))
                    .invoke(() -> HandOutActivities.log(next, choice))
                    .chain(() ->
                            choice.best().isPresent() ? Uni.createFrom().voidItem() : raiseBarrier(ended, at, unit));
        });
    }
}
