package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Actor;
import org.careloop.referrals.domain.Amendment;
import org.careloop.referrals.domain.ClockKind;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.FineStates;
import org.careloop.referrals.domain.Offers;
import org.careloop.referrals.domain.ServiceRequestLifecycle;
import org.careloop.referrals.domain.TaskClocks;
import org.careloop.referrals.domain.TaskLifecycle;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * Holds every write of a Task to its life cycle and writes {@code lastModified}; completes the ServiceRequest when its
 * Tasks have done what it asks for, and lets follow what an agency's no entails, in the same transaction.
 *
 * <p>A part must name a whole that is there. Because {@code partOf} never changes, Tasks then cannot be parts of each
 * other in a circle.
 */
@Singleton
public class GuardTask implements WriteRule {

    private final RequestTasks requestTasks;
    private final EndReasons reasons;
    private final FineStates fineStates;
    private final TaskClocks clocks;
    private final FollowRefusal refusal;
    private final FollowAcceptance followAcceptance;
    private final FollowCaughtUp followCaughtUp;
    private final Clock clock;

    GuardTask(
            RequestTasks requestTasks,
            EndReasons reasons,
            FineStates fineStates,
            TaskClocks clocks,
            FollowRefusal refusal,
            FollowAcceptance followAcceptance,
            FollowCaughtUp followCaughtUp,
            Clock clock) {
        this.requestTasks = requestTasks;
        this.reasons = reasons;
        this.fineStates = fineStates;
        this.clocks = clocks;
        this.refusal = refusal;
        this.followAcceptance = followAcceptance;
        this.followCaughtUp = followCaughtUp;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Task";
    }

    /**
     * The request comes before its Tasks, as for who revokes it: of a revocation and a completion at once one wins, and
     * the other sees what it did.
     */
    @Override
    public Uni<Void> lockBefore(ResourceKey key, UnitOfWork unit) {
        return requestTasks.lockRequestsOf(key, unit);
    }

    /** Fails as {@link TaskLifecycle#check} does, or because a whole is missing. A deletion is a matter of access alone. */
    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        if (write.interaction() == Interaction.DELETE) {
            return Uni.createFrom().item(write.next());
        }
        Task next = judged(write);
        return InTurn.each(wholesToBe(write), whole -> requirePresent(whole, unit))
                .replaceWith(next);
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        if (!wholesToBe(write).isEmpty() || ends(write) || isChosen(write)) {
            return Optional.empty();
        }
        Task next = judged(write);
        return caughtUp(write, next).isEmpty() ? Optional.of(next) : Optional.empty();
    }

    private Task judged(Write write) {
        Task next = ((Task) write.next()).copy();
        Optional<Task> previous = write.previous(Task.class);
        if (!isElsewhere(write)) {
            Actor actor = actor(write);
            TaskLifecycle.check(previous, next, actor);
            fineStates.check(previous, next, actor);
            if (previous.isEmpty()
                    || !next.getStatusReason().equalsDeep(previous.get().getStatusReason())) {
                reasons.requireKnown(next);
            }
        }
        Instant now = clock.instant();
        next.setLastModifiedElement(FhirTime.dateTime(modified(next, now)));
        setOwnElements(write, next, now);
        return next;
    }

    /** Not before it was authored (FHIR's inv-1), though the author's clock be ahead of ours. */
    private static Instant modified(Task next, Instant now) {
        return next.hasAuthoredOn() && next.getAuthoredOn().toInstant().isAfter(now)
                ? next.getAuthoredOn().toInstant()
                : now;
    }

    /** What the server alone says of a Task; what is run elsewhere is not timed here. */
    private void setOwnElements(Write write, Task next, Instant now) {
        Optional<Task> known = write.caller().isPlatform() ? Optional.of(next) : write.previous(Task.class);
        Amendment.keep(known, next);
        if (isElsewhere(write)) {
            TaskClocks.remove(next);
        } else {
            clocks.set(known, next, now);
        }
    }

    /** The clocks that had run out and that this write stops. */
    private static Set<ClockKind> caughtUp(Write write, Task next) {
        return write.previous(Task.class)
                .map(previous -> TaskClocks.caughtUp(previous, next))
                .orElse(Set.of());
    }

    static Actor actor(Write write) {
        Caller caller = write.caller();
        return Actor.on(
                write.previous(Task.class),
                (Task) write.next(),
                caller.references(),
                caller.isPlatform(),
                write.isByRecorder());
    }

    /** A part keeps its wholes, so they are looked for once. */
    private static List<ResourceKey> wholesToBe(Write write) {
        return write.previous().isPresent() ? List.of() : RequestTasks.wholesOf((Task) write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return followCaughtUp
                .handle(saved.key().id().value(), caughtUp(write, (Task) write.next()), unit)
                .chain(() -> {
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
                        : completeIfDone(request.get(), unit).chain(() -> followRefusal(write, request.get(), unit)));
    }

    /** Of a part its whole's owner takes care. */
    private Uni<Void> followRefusal(Write write, ResourceKey request, UnitOfWork unit) {
        Task task = (Task) write.next();
        return actor(write) == Actor.TARGET
                        && request.reference().equals(task.getFocus().getReference())
                ? refusal.handle(task, request, unit)
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
        return moved && write.interaction() != Interaction.DELETE && !isElsewhere(write);
    }

    private static boolean isElsewhere(Write write) {
        Task next = (Task) write.next();
        Task known = write.previous(Task.class).orElse(next);
        return Records.isHistory(write, TaskLifecycle.START.contains(next.getStatus()))
                || write.previous().isPresent() && Records.isMirror(write, known.getRequester());
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
        return unit.update(Caller.PLATFORM, current, completed, Optional.empty())
                .invoke(saved -> LOG.requestCompleted(saved.key().id().value()))
                .replaceWithVoid();
    }

    private static Uni<Void> requirePresent(ResourceKey whole, UnitOfWork unit) {
        return unit.find(whole, Condition.EVERYTHING)
                .invoke(found -> found.orElseThrow(() -> new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        "Task.partOf",
                        "Task.partOf: no such Task (expected: a Task that was made before its parts)")))
                .replaceWithVoid();
    }
}
