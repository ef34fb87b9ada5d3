package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.PlanChanges;
import org.careloop.referrals.domain.PlanChanges.Rescheduled;
import org.careloop.referrals.domain.PlanChanges.Withdrawn;
import org.careloop.referrals.domain.PlannedActivity;
import org.careloop.referrals.domain.ServiceRequestLifecycle;
import org.careloop.referrals.domain.TaskClocks;
import org.careloop.referrals.domain.TaskLifecycle;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;

/**
 * Lets what was handed out follow its plan, by the rules of {@link PlanChanges}: what does not apply any more is revoked or
 * cancelled, times move, requests and clocks stand still while the plan is on hold because of the stay. Whoever may see the
 * work is told by it; repeats change nothing.
 */
@Singleton
public class FollowPlan {

    private final RequestTasks requestTasks;
    private final TaskClocks clocks;
    private final Clock clock;

    FollowPlan(RequestTasks requestTasks, TaskClocks clocks, Clock clock) {
        this.requestTasks = requestTasks;
        this.clocks = clocks;
        this.clock = clock;
    }

    /** Follows {@code plan}, of which this is {@code version}. */
    public Uni<Void> handle(CarePlan plan, long version, UnitOfWork unit) {
        return InTurn.each(PlanChanges.withdrawn(plan), withdrawn -> withdraw(withdrawn, unit))
                .chain(() -> InTurn.each(PlanChanges.rescheduled(plan), moved -> reschedule(moved, unit)))
                .chain(() -> PlanChanges.isPaused(plan)
                        .map(paused -> pause(plan, paused, version, unit))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> withdraw(Withdrawn withdrawn, UnitOfWork unit) {
        return find("ServiceRequest", withdrawn.activity(), unit)
                .chain(request -> request.isPresent()
                        ? revoke(request.get(), withdrawn, unit)
                        : find("Task", withdrawn.activity(), unit)
                                .chain(task -> task.filter(FollowPlan::isOwn)
                                        .map(own -> change(
                                                own, PlanChanges.cancelled(own.as(Task.class), withdrawn.why()), unit))
                                        .orElseGet(() -> Uni.createFrom().voidItem())));
    }

    /** The request first, then its Tasks, as everybody locks them. */
    private Uni<Void> revoke(StoredResource request, Withdrawn withdrawn, UnitOfWork unit) {
        return requestTasks
                .locked(request.key().id().value(), unit)
                .map(tasks -> tasks.stream().map(task -> task.as(Task.class)).toList())
                .chain(tasks -> change(
                        request, PlanChanges.revoked(request.as(ServiceRequest.class), tasks, withdrawn.why()), unit));
    }

    private Uni<Void> reschedule(Rescheduled moved, UnitOfWork unit) {
        return find("ServiceRequest", moved.activity(), unit)
                .chain(request -> request.isPresent()
                        ? change(
                                        request.get(),
                                        PlanChanges.at(request.get().as(ServiceRequest.class), moved.changes()),
                                        unit)
                                .chain(() -> requestTasks.locked(
                                        request.get().key().id().value(), unit))
                        : find("Task", moved.activity(), unit)
                                .map(task ->
                                        task.filter(FollowPlan::isOwn).stream().toList()))
                .chain(tasks -> InTurn.each(
                        tasks, task -> change(task, PlanChanges.at(task.as(Task.class), moved.changes()), unit)));
    }

    private Uni<Void> pause(CarePlan plan, boolean paused, long version, UnitOfWork unit) {
        return each(
                        "ServiceRequest",
                        plan,
                        unit,
                        found -> paused ? pause(found, version, unit) : resume(found, version, unit))
                .chain(() -> each(
                        "Task",
                        plan,
                        unit,
                        found -> isOwn(found)
                                ? change(found, Optional.of(timed(found.as(Task.class), paused)), unit)
                                : Uni.createFrom().voidItem()));
    }

    private static Uni<Void> pause(StoredResource request, long version, UnitOfWork unit) {
        return change(request, PlanChanges.paused(request.as(ServiceRequest.class), version), unit);
    }

    /** What its Tasks have done meanwhile counts now. */
    private Uni<Void> resume(StoredResource request, long version, UnitOfWork unit) {
        Optional<ServiceRequest> resumed = PlanChanges.resumed(request.as(ServiceRequest.class), version);
        if (resumed.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return change(request, resumed, unit)
                .chain(() -> requestTasks.of(request.key().id().value(), unit))
                .map(tasks -> ServiceRequestLifecycle.follow(resumed.get(), tasks.values(), clock.instant()))
                .chain(consequence -> consequence
                        .request()
                        .map(done -> unit.find(request.key(), Condition.EVERYTHING)
                                .chain(current -> change(current.orElseThrow(), Optional.of(done), unit)))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Task timed(Task task, boolean paused) {
        return paused ? TaskClocks.paused(task) : clocks.resumed(task, clock.instant());
    }

    /** Of those that work for a request the request decides; what has ended has no clocks. */
    private static boolean isOwn(StoredResource stored) {
        Task task = stored.as(Task.class);
        return RequestTasks.focusOf(task).isEmpty() && !TaskLifecycle.hasEnded(task);
    }

    private static Uni<Void> each(
            String type, CarePlan plan, UnitOfWork unit, Function<StoredResource, Uni<Void>> step) {
        QueryParameter ofPlan =
                new QueryParameter("based-on", "CarePlan/" + plan.getIdElement().getIdPart());
        return unit.search(type, List.of(ofPlan), Condition.EVERYTHING)
                .chain(found -> InTurn.each(
                        found,
                        each -> unit.find(each.key(), Condition.EVERYTHING)
                                .chain(locked -> locked.map(step)
                                        .orElseGet(() -> Uni.createFrom().voidItem()))));
    }

    private static Uni<Optional<StoredResource>> find(String type, PlannedActivity activity, UnitOfWork unit) {
        return unit.find(new ResourceKey(type, activity.idOf(type)), Condition.EVERYTHING);
    }

    private static <T extends Resource> Uni<Void> change(StoredResource current, Optional<T> next, UnitOfWork unit) {
        return next.map(changed -> unit.update(Caller.PLATFORM, current, changed)
                        .invoke(saved -> {
                            if (saved.version() != current.version()) {
                                LOG.planFollowed(saved.key().reference());
                            }
                        })
                        .replaceWithVoid())
                .orElseGet(() -> Uni.createFrom().voidItem());
    }
}
