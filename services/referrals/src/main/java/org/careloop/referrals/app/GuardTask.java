package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
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
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.ServiceRequestLifecycle;
import org.careloop.referrals.domain.TaskLifecycle;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;

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
    private final FollowRefusal refusal;
    private final Clock clock;

    GuardTask(RequestTasks requestTasks, EndReasons reasons, FollowRefusal refusal, Clock clock) {
        this.requestTasks = requestTasks;
        this.reasons = reasons;
        this.refusal = refusal;
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
        return wholesToBe(write).isEmpty() && !ends(write) ? Optional.of(judged(write)) : Optional.empty();
    }

    private Task judged(Write write) {
        Task next = ((Task) write.next()).copy();
        Optional<Task> previous = write.previous(Task.class);
        if (!isElsewhere(write)) {
            TaskLifecycle.check(previous, next, actor(write));
            if (previous.isEmpty()
                    || !next.getStatusReason().equalsDeep(previous.get().getStatusReason())) {
                reasons.requireKnown(next);
            }
        }
        next.setLastModifiedElement(FhirTime.dateTime(clock.instant()));
        return next;
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
        if (!ends(write)) {
            return Uni.createFrom().voidItem();
        }
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
        Task task = (Task) write.next();
        boolean moved = write.previous(Task.class)
                .map(previous -> previous.getStatus() != task.getStatus())
                .orElse(true);
        return moved
                && TaskLifecycle.hasEnded(task)
                && write.interaction() != Interaction.DELETE
                && !isElsewhere(write);
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
