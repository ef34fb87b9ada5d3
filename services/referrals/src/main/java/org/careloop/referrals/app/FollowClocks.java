package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.CoordinationTask;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.TaskClocks;
import org.careloop.referrals.domain.TaskClocks.Look;
import org.careloop.referrals.domain.TaskClocks.Missed;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * Does what the clocks of a Task call for: reminds its owner, takes a referral back from an agency that stays silent and asks the
 * next, tells whoever asked, or a supervisor, what is late.
 */
@Singleton
public class FollowClocks {

    private final ResourceStore store;
    private final RequestTasks requestTasks;
    private final TaskClocks clocks;
    private final FollowRefusal refusal;
    private final ChoiceLists lists;
    private final Clock clock;

    FollowClocks(
            ResourceStore store,
            RequestTasks requestTasks,
            TaskClocks clocks,
            FollowRefusal refusal,
            ChoiceLists lists,
            Clock clock) {
        this.store = store;
        this.requestTasks = requestTasks;
        this.clocks = clocks;
        this.refusal = refusal;
        this.lists = lists;
        this.clock = clock;
    }

    /**
     * Looks at the clocks of {@code key}, a Task, in a transaction of its own; what was done for them is in the Task with it, so
     * nothing is done twice. While its request is on hold they stand still.
     */
    public Uni<Void> handle(ResourceKey key) {
        return store.inUnit(unit -> unit.find(key, Condition.EVERYTHING)
                .chain(found -> found.map(task -> look(task, unit)).orElseGet(FollowClocks::nothing)));
    }

    private Uni<Void> look(StoredResource stored, UnitOfWork unit) {
        Instant now = clock.instant();
        return clocks.look(stored.as(Task.class), now)
                .map(look -> requestOf(stored, unit)
                        .chain(request -> isOnHold(request)
                                ? keep(stored, TaskClocks.paused(stored.as(Task.class)), unit)
                                : follow(look, stored, request, now, unit)))
                .orElseGet(FollowClocks::nothing);
    }

    private Uni<Void> follow(
            Look look, StoredResource stored, Optional<StoredResource> request, Instant now, UnitOfWork unit) {
        if (!look.missed().containsValue(Missed.RECALL)) {
            return tell(look, stored, now, unit);
        }
        return lists.asked(unit, stored.key().id().value())
                .chain(asked -> asked.isPresent() && request.isPresent()
                        ? recall(stored, request.get(), unit)
                        : tell(look, stored, now, unit));
    }

    private Uni<Void> recall(StoredResource silent, StoredResource request, UnitOfWork unit) {
        Task recalled = silent.as(Task.class)
                .copy()
                .setStatus(TaskStatus.CANCELLED)
                .setStatusReason(new CodeableConcept(new Coding(EndReasons.SYSTEM, EndReasons.NO_ANSWER, null))
                        .setText("No answer in time"));
        return keep(silent, recalled, unit)
                .invoke(() -> LOG.recalled(silent.key().id().value()))
                .chain(() -> refusal.handle(recalled, request.key(), unit));
    }

    private static Uni<Void> tell(Look look, StoredResource stored, Instant now, UnitOfWork unit) {
        String task = stored.key().id().value();
        look.reminded().forEach(kind -> LOG.reminded(task, kind.code()));
        look.missed().keySet().forEach(kind -> LOG.late(task, kind.code()));
        return keep(stored, look.task(), unit)
                .chain(() -> InTurn.each(
                        look.missed().entrySet().stream()
                                .filter(each -> each.getValue() != Missed.TELL_SUPERVISOR)
                                .map(Map.Entry::getKey)
                                .toList(),
                        kind -> TellRequester.by(CoordinationTask.late(look.task(), kind, look.due(kind), now), unit)));
    }

    private static Uni<Void> keep(StoredResource stored, Task next, UnitOfWork unit) {
        return unit.update(Caller.PLATFORM, stored, next).replaceWithVoid();
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

    private static Uni<Void> nothing() {
        return Uni.createFrom().voidItem();
    }
}
