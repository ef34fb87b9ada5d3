package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;
import static org.careloop.referrals.domain.EndReasons.Consequence.ASK_NEXT;
import static org.careloop.referrals.domain.EndReasons.Consequence.MARK_NO_CAPACITY;
import static org.careloop.referrals.domain.EndReasons.Consequence.RAISE_BARRIER;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.AgencyChoice.Asked;
import org.careloop.referrals.domain.Capacity;
import org.careloop.referrals.domain.CoordinationTask;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.EndReasons.Consequence;
import org.careloop.referrals.domain.PlannedOrders;
import org.careloop.referrals.domain.PlannedOrders.Referral;
import org.careloop.referrals.domain.TaskLifecycle;
import org.careloop.referrals.domain.WaitingReferral;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Reference;
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
    private final OfferReferral offerReferral;
    private final ChoiceLists lists;
    private final Clock clock;

    FollowRefusal(
            EndReasons reasons,
            RequestTasks requestTasks,
            ChooseAgency chooseAgency,
            OfferReferral offerReferral,
            ChoiceLists lists,
            Clock clock) {
        this.reasons = reasons;
        this.requestTasks = requestTasks;
        this.chooseAgency = chooseAgency;
        this.offerReferral = offerReferral;
        this.lists = lists;
        this.clock = clock;
    }

    /**
     * Follows {@code ended}, a Task whose owner just ended it or was silent for too long. Its focus is {@code request}, whose lock
     * this transaction holds.
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
        return lists.asked(unit, ended.getIdElement().getIdPart())
                .map(asked -> asked.filter(
                        each -> each.organization().equals(ended.getOwner().getReference())))
                .chain(asked -> {
                    Uni<Void> done = consequences.contains(MARK_NO_CAPACITY)
                            ? markNoCapacity(ended, request.as(ServiceRequest.class), asked, unit)
                            : Uni.createFrom().voidItem();
                    if (consequences.contains(RAISE_BARRIER)) {
                        done = done.chain(() -> TellRequester.by(CoordinationTask.barrier(ended, at), unit));
                    }
                    return consequences.contains(ASK_NEXT) && asked.isPresent()
                            ? done.chain(() -> askNext(asked.get(), ended, request, at, unit))
                            : done;
                });
    }

    /** Of the services that were asked, those of the agency that has ended the Task. */
    private static Uni<Void> markNoCapacity(
            Task ended, ServiceRequest request, Optional<Asked> asked, UnitOfWork unit) {
        String services = Stream.concat(
                        request.getPerformer().stream().map(Reference::getReference),
                        asked.map(Asked::service).stream())
                .filter(Objects::nonNull)
                .flatMap(reference -> ResourceKey.parse(reference).stream())
                .filter(key -> key.type().equals("HealthcareService"))
                .map(key -> key.id().value())
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
        return services.isEmpty()
                ? Uni.createFrom().voidItem()
                // Only the agency's own are locked, in one order, so that two who are full at once do not wait for each
                // other.
                : unit.search(
                                "HealthcareService",
                                List.of(new QueryParameter("_id", services), new QueryParameter("_sort", "_id")),
                                Condition.EVERYTHING)
                        .chain(found -> InTurn.each(
                                found.stream()
                                        .filter(service -> isOf(service, ended))
                                        .map(StoredResource::key)
                                        .toList(),
                                key -> markNoCapacity(key, unit)));
    }

    private static Uni<Void> markNoCapacity(ResourceKey key, UnitOfWork unit) {
        return unit.find(key, Condition.EVERYTHING)
                .chain(found -> found.flatMap(service -> Capacity.exhausted(service.as(HealthcareService.class)))
                        .map(full -> unit.update(Caller.PLATFORM, found.get(), full)
                                .invoke(() -> LOG.markedFull(key.id().value()))
                                .replaceWithVoid())
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private static boolean isOf(StoredResource service, Task ended) {
        return Objects.equals(
                ended.getOwner().getReference(),
                service.as(HealthcareService.class)
                        .getProvidedBy()
                        .getReferenceElement()
                        .toUnqualifiedVersionless()
                        .getValue());
    }

    /** A request that is on hold goes back to who put it there: the barrier tells them. */
    private Uni<Void> askNext(Asked asked, Task ended, StoredResource request, Instant at, UnitOfWork unit) {
        ServiceRequestStatus status = request.as(ServiceRequest.class).getStatus();
        if (status != ServiceRequestStatus.ACTIVE) {
            return status == ServiceRequestStatus.ONHOLD
                    ? TellRequester.by(CoordinationTask.barrier(ended, at), unit)
                    : Uni.createFrom().voidItem();
        }
        return requestTasks
                .focusedOn(request.key().id().value(), unit)
                .chain(tasks -> tasks.stream().allMatch(TaskLifecycle::hasEnded)
                        ? askNextNow(asked, ended, request, at, unit)
                        : Uni.createFrom().voidItem());
    }

    /**
     * Looks once, and takes no lock that others hold while they wait for the request's. What the directory gains in this moment the
     * new Task learns of by the next change; who asked has the barrier meanwhile.
     */
    private Uni<Void> askNextNow(Asked asked, Task ended, StoredResource stored, Instant at, UnitOfWork unit) {
        return requestTasks
                .focusedOn(stored.key().id().value(), unit)
                .chain(tasks -> lists.asked(unit, tasks))
                .chain(before -> ask(
                        asked,
                        ended,
                        stored,
                        PlannedOrders.without(stored.as(ServiceRequest.class), before),
                        at,
                        unit));
    }

    private Uni<Void> ask(
            Asked asked, Task ended, StoredResource stored, ServiceRequest request, Instant at, UnitOfWork unit) {
        Task task = PlannedOrders.askedAgain(ended, request, at);
        WaitingReferral next = asked.referral().by(task.getIdElement().getIdPart());
        return chooseAgency
                .choose(next, unit)
                .chain(choice -> offerReferral
                        .handle(
                                new Referral(request, task),
                                next,
                                choice,
                                offered -> unit.update(Caller.PLATFORM, stored, offered.request())
                                        .chain(() -> InTurn.each(
                                                offered.tasks(), each -> HandOutActivities.createIfAbsent(each, unit))),
                                unit)
                        .chain(() -> choice.hasEligible()
                                ? Uni.createFrom().voidItem()
                                : TellRequester.by(CoordinationTask.barrier(ended, at), unit)));
    }
}
