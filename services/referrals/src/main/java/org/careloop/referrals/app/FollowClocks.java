package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** Takes a referral back from an agency that has not answered in time, and asks the next. */
@Singleton
class RecallReferral {

    private static final Duration LATER = Duration.ofMinutes(15);

    private final ResourceStore store;
    private final RequestTasks requestTasks;
    private final FollowRefusal refusal;
    private final ChoiceLists lists;
    private final Clock clock;

    RecallReferral(
            ResourceStore store, RequestTasks requestTasks, FollowRefusal refusal, ChoiceLists lists, Clock clock) {
        this.store = store;
        this.requestTasks = requestTasks;
        this.refusal = refusal;
        this.lists = lists;
        this.clock = clock;
    }

    /**
     * Recalls the Task with the id {@code task}, in a transaction of its own; nothing when it was answered. While the request is on
     * hold nobody need answer, so it is looked at later.
     */
    Uni<Void> handle(String task) {
        ResourceKey key = ResourceKey.of("Task", task);
        return store.inUnit(unit -> requestTasks
                .lockRequestsOf(key, unit)
                .chain(() -> unit.find(key, Condition.EVERYTHING))
                .chain(found -> found.filter(RecallReferral::isUnanswered)
                        .map(silent -> requestOf(silent, unit)
                                .chain(request -> isOnHold(request)
                                        ? lists.awaitAnswer(unit, task, later())
                                        : recall(silent, request, unit)
                                                .chain(() -> lists.awaitAnswer(unit, task, Optional.empty()))))
                        .orElseGet(() -> lists.awaitAnswer(unit, task, Optional.empty()))));
    }

    /** Lets others go first, in a transaction of its own, after {@link #handle} failed. */
    Uni<Void> postpone(String task) {
        return store.inUnit(unit -> lists.awaitAnswer(unit, task, later()));
    }

    private Optional<Instant> later() {
        return Optional.of(clock.instant().plus(LATER));
    }

    private static boolean isUnanswered(StoredResource stored) {
        return stored.as(Task.class).getStatus() == TaskStatus.REQUESTED;
    }

    private Uni<Optional<StoredResource>> requestOf(StoredResource task, UnitOfWork unit) {
        return requestTasks
                .requestOf(task.as(Task.class), unit)
                .chain(request -> request.map(key -> unit.find(key, Condition.EVERYTHING))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private static boolean isOnHold(Optional<StoredResource> request) {
        return request.filter(found -> found.as(ServiceRequest.class).getStatus() == ServiceRequestStatus.ONHOLD)
                .isPresent();
    }

    private Uni<Void> recall(StoredResource silent, Optional<StoredResource> request, UnitOfWork unit) {
        Task recalled = silent.as(Task.class)
                .copy()
                .setStatus(TaskStatus.CANCELLED)
                .setStatusReason(new CodeableConcept(new Coding(EndReasons.SYSTEM, EndReasons.NO_ANSWER, null))
                        .setText("No answer in time"));
        return unit.update(Caller.PLATFORM, silent, recalled, Optional.empty())
                .invoke(() -> LOG.recalled(silent.key().id().value()))
                .chain(() -> request.map(found -> refusal.handle(recalled, found.key(), unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }
}
