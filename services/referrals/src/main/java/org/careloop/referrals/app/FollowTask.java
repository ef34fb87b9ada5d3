package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Actor;
import org.careloop.referrals.domain.ClockKind;
import org.careloop.referrals.domain.FillerOrder;
import org.careloop.referrals.domain.Offers;
import org.careloop.referrals.domain.ServiceRequestLifecycle;
import org.careloop.referrals.domain.TaskClocks;
import org.careloop.referrals.domain.TaskLifecycle;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * Lets follow what a step of a Task entails, in the same transaction: the request is completed when its Tasks have done what it asks
 * for, an agency's no is followed up, an acceptance withdraws the alternatives, what is not late any more is no longer followed up, with a deletion ends what it was passed on
 * by.
 */
@Singleton
public class FollowTask implements WriteRule {

    private final RequestTasks requestTasks;
    private final FollowRefusal followRefusal;
    private final FollowAcceptance followAcceptance;
    private final FollowCaughtUp followCaughtUp;
    private final Clock clock;

    FollowTask(
            RequestTasks requestTasks,
            FollowRefusal followRefusal,
            FollowAcceptance followAcceptance,
            FollowCaughtUp followCaughtUp,
            Clock clock) {
        this.requestTasks = requestTasks;
        this.followRefusal = followRefusal;
        this.followAcceptance = followAcceptance;
        this.followCaughtUp = followCaughtUp;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Task";
    }

    /** Refuses nothing. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    /** Of any write of a Task that is late it may follow that it no longer is. */
    @Override
    public Optional<Resource> checkAlone(Write write) {
        boolean isLate = write.previous(Task.class).filter(TaskClocks::isLate).isPresent();
        return isLate || ends(write) || isChosen(write) || write.interaction() == Interaction.DELETE
                ? Optional.empty()
                : Optional.of(write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return followCaughtUp
                .handle(saved.key().id().value(), caughtUp(write, (Task) write.next()), unit)
                .chain(() -> {
                    if (write.interaction() == Interaction.DELETE) {
                        return endPassedOn(saved.key().id().value(), unit);
                    }
                    if (ends(write)) {
                        return followEnd(write, unit);
                    }
                    return isChosen(write)
                            ? followAcceptance.handle((Task) write.next(), unit)
                            : Uni.createFrom().voidItem();
                });
    }

    private Uni<Void> followEnd(Write write, UnitOfWork unit) {
        return requestTasks
                .requestOf((Task) write.next(), unit)
                .chain(request -> request.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : completeIfDone(request.get(), unit).chain(() -> refuse(write, request.get(), unit)));
    }

    /** Nobody finds by a search that a Task is gone which was passed on. */
    private static Uni<Void> endPassedOn(String task, UnitOfWork unit) {
        return unit.find(
                        ResourceKey.of("ServiceRequest", FillerOrder.idFor(task).value()), Condition.EVERYTHING)
                .chain(order -> order.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : unit.update(
                                        Caller.PLATFORM,
                                        order.get(),
                                        FillerOrder.following(
                                                order.get().as(ServiceRequest.class),
                                                Optional.empty(),
                                                Optional.empty()))
                                .replaceWithVoid());
    }

    /** Of a part its whole's owner takes care. */
    private Uni<Void> refuse(Write write, ResourceKey request, UnitOfWork unit) {
        Task task = (Task) write.next();
        return GuardTask.actor(write) == Actor.TARGET
                        && request.reference().equals(task.getFocus().getReference())
                ? followRefusal.handle(task, request, unit)
                : Uni.createFrom().voidItem();
    }

    /** Tells whether {@code write} ends the Task here, which its request may wait for. */
    private static boolean ends(Write write) {
        return moves(write) && TaskLifecycle.hasEnded((Task) write.next());
    }

    /** Tells whether {@code write} accepts one of several Tasks of which one is enough. */
    private static boolean isChosen(Write write) {
        Task task = (Task) write.next();
        return moves(write) && task.getStatus() == TaskStatus.ACCEPTED && Offers.isAlternative(task);
    }

    private static boolean moves(Write write) {
        boolean moved = write.previous(Task.class)
                .map(previous -> previous.getStatus() != ((Task) write.next()).getStatus())
                .orElse(true);
        return moved && write.interaction() != Interaction.DELETE && !GuardTask.isElsewhere(write);
    }

    /** The clocks that had run out and need nobody's care after this write. */
    private static Map<ClockKind, Instant> caughtUp(Write write, Task next) {
        return write.previous(Task.class)
                .map(previous -> TaskClocks.caughtUp(
                        previous, next, TaskLifecycle.hasEnded(next) && GuardTask.actor(write) != Actor.TARGET))
                .orElse(Map.of());
    }

    /**
     * The request is locked before its Tasks are read, so that of two Tasks that end at once the second sees the
     * first.
     */
    private Uni<Void> completeIfDone(ResourceKey key, UnitOfWork unit) {
        return unit.find(key, Condition.EVERYTHING)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : requestTasks
                                .of(key.id().value(), unit)
                                .map(tasks -> ServiceRequestLifecycle.follow(
                                        found.get().as(ServiceRequest.class), tasks.values(), clock.instant()))
                                .chain(consequence -> consequence
                                        .request()
                                        .map(completed -> complete(found.get(), completed, unit))
                                        .orElseGet(() -> Uni.createFrom().voidItem())));
    }

    private static Uni<Void> complete(StoredResource current, ServiceRequest completed, UnitOfWork unit) {
        return unit.update(Caller.PLATFORM, current, completed)
                .invoke(saved -> LOG.requestCompleted(saved.key().id().value()))
                .replaceWithVoid();
    }
}
