package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
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
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** Takes a referral back from an agency that has not answered in time, and asks the next. */
@Singleton
class RecallReferral {

    private final ResourceStore store;
    private final RequestTasks requestTasks;
    private final FollowRefusal refusal;
    private final ChoiceLists lists;

    RecallReferral(ResourceStore store, RequestTasks requestTasks, FollowRefusal refusal, ChoiceLists lists) {
        this.store = store;
        this.requestTasks = requestTasks;
        this.refusal = refusal;
        this.lists = lists;
    }

    /** Recalls the Task with the id {@code task}, in a transaction of its own; nothing when it was answered. */
    Uni<Void> handle(String task) {
        ResourceKey key = ResourceKey.of("Task", task);
        return store.inUnit(unit -> requestTasks
                .lockRequestsOf(key, unit)
                .chain(() -> unit.find(key, Condition.EVERYTHING))
                .chain(found -> found.filter(RecallReferral::isSilent)
                        .map(silent -> recall(silent, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .chain(() -> lists.answered(unit, task)));
    }

    private static boolean isSilent(StoredResource stored) {
        return !stored.deleted() && stored.as(Task.class).getStatus() == TaskStatus.REQUESTED;
    }

    private Uni<Void> recall(StoredResource silent, UnitOfWork unit) {
        Task recalled = silent.as(Task.class)
                .copy()
                .setStatus(TaskStatus.CANCELLED)
                .setStatusReason(new CodeableConcept(new Coding(EndReasons.SYSTEM, EndReasons.NO_ANSWER, null))
                        .setText("No answer in time"));
        return unit.update(Caller.PLATFORM, silent, recalled, Optional.empty())
                .invoke(() -> LOG.recalled(silent.key().id().value()))
                .chain(() -> requestTasks.requestOf(recalled, unit))
                .chain(request -> request.map(key -> refusal.handle(recalled, key, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }
}
