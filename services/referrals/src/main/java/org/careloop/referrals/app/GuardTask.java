package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
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
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.domain.Actor;
import org.careloop.referrals.domain.Amendment;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.FineStates;
import org.careloop.referrals.domain.TaskClocks;
import org.careloop.referrals.domain.TaskLifecycle;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;

/**
 * Holds every write of a Task to its life cycle, and writes what the server alone says: {@code lastModified}, clocks, amendments.
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
    private final Clock clock;

    GuardTask(RequestTasks requestTasks, EndReasons reasons, FineStates fineStates, TaskClocks clocks, Clock clock) {
        this.requestTasks = requestTasks;
        this.reasons = reasons;
        this.fineStates = fineStates;
        this.clocks = clocks;
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
        return wholesToBe(write).isEmpty() ? Optional.of(judged(write)) : Optional.empty();
    }

    private Task judged(Write write) {
        Task next = ((Task) write.next()).copy();
        Optional<Task> previous = write.previous(Task.class);
        if (!isElsewhere(write)) {
            Actor actor = actor(write);
            previous.ifPresent(known -> TaskLifecycle.keepAsked(known, next, actor));
            TaskLifecycle.check(previous, next, actor);
            fineStates.check(previous, next, actor);
            if (previous.isEmpty()
                    || !next.getStatusReason().equalsDeep(previous.get().getStatusReason())) {
                reasons.requireKnown(next, actor);
            }
        }
        previous.ifPresent(known -> TaskLifecycle.keepLabels(known, next, actor(write)));
        Instant now = clock.instant();
        setOwnElements(write, next, now);
        setModified(previous, next, now);
        return next;
    }

    /** What is said again, because an answer was lost, modifies nothing. */
    private static void setModified(Optional<Task> previous, Task next, Instant now) {
        previous.filter(known -> known.hasLastModified() && !TaskLifecycle.isNews(known, next))
                .ifPresentOrElse(
                        known -> next.setLastModifiedElement(
                                known.getLastModifiedElement().copy()),
                        () -> next.setLastModifiedElement(FhirTime.dateTime(modified(next, now))));
    }

    /** Not before it was authored (FHIR's inv-1), though the author's clock be ahead of ours. */
    private static Instant modified(Task next, Instant now) {
        return next.getAuthoredOn() != null && next.getAuthoredOn().toInstant().isAfter(now)
                ? next.getAuthoredOn().toInstant()
                : now;
    }

    /** What the server alone says of a Task; what is run elsewhere is not timed here. */
    private void setOwnElements(Write write, Task next, Instant now) {
        boolean byPlatform = write.caller().isPlatform();
        Optional<Task> previous = write.previous(Task.class);
        Amendment.keep(byPlatform ? Optional.of(next) : previous, next);
        if (isElsewhere(write) || Records.isMirror(write, next.getRequester())) {
            TaskClocks.remove(next);
        } else {
            clocks.set(previous, next, byPlatform, now);
        }
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

    static boolean isElsewhere(Write write) {
        Task next = (Task) write.next();
        Task known = write.previous(Task.class).orElse(next);
        return Records.isHistory(write, TaskLifecycle.START.contains(next.getStatus()))
                || write.previous().isPresent() && Records.isMirror(write, known.getRequester());
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
