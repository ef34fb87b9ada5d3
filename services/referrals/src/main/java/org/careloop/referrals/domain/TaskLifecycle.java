package org.careloop.referrals.domain;

import static org.careloop.referrals.domain.Actor.CLAIMER;
import static org.careloop.referrals.domain.Actor.OTHER;
import static org.careloop.referrals.domain.Actor.PLATFORM;
import static org.careloop.referrals.domain.Actor.TARGET;
import static org.careloop.referrals.domain.Actor.TARGETS;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ACCEPTED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.CANCELLED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.COMPLETED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.DRAFT;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ENTEREDINERROR;
import static org.hl7.fhir.r4.model.Task.TaskStatus.FAILED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ONHOLD;
import static org.hl7.fhir.r4.model.Task.TaskStatus.REJECTED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.REQUESTED;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * Guards every write of a Task: who may set which status, what each status needs, and what never changes.
 *
 * <p>Referral Tasks follow SDOHCC's referral management, all others SDOHCC's Task for patient. Where standards differ
 * we decided: a Task that was accepted is cancelled or fails, it is not rejected; a cancellation is immediate and
 * outputs may still follow; only the target puts work on hold; an open Task gets its owner once, by the platform's
 * choice of an agency or from the one who claims it: of those to whom it is offered ({@code restriction.recipient}), or, where
 * it is offered to nobody by name, of those who may see it.
 */
public final class TaskLifecycle {

    /** The system of {@code statusReason} codings that say why a completed Task has no output. */
    public static final String NO_OUTPUT_REASON_SYSTEM = "https://careloop.org/fhir/CodeSystem/no-output-reason";

    /** The statuses in which work begins; every other is the history of a Task. */
    public static final Set<TaskStatus> START = Set.of(DRAFT, TaskStatus.READY, REQUESTED);

    static final Set<String> NO_OUTPUT_REASONS =
            Set.of("documented-elsewhere", "nothing-to-report", "person-declined", "service-not-needed");
    private static final Set<TaskStatus> NEED_REASON = EnumSet.of(REJECTED, CANCELLED, ONHOLD, FAILED, ENTEREDINERROR);

    private TaskLifecycle() {}

    /** Tells whether {@code task} is in a last state: only then can its request be done. */
    public static boolean hasEnded(Task task) {
        return TaskMachine.ENDS.contains(task.getStatus());
    }

    /** Tells whether the platform is to choose who does the work: nobody was named, neither as owner nor as recipient. */
    public static boolean isWithoutAgency(Task task) {
        return !task.hasOwner()
                && TaskElements.recipients(task).isEmpty()
                && (task.getStatus() == REQUESTED || task.getStatus() == DRAFT);
    }

    /**
     * Passes when {@code actor} may store {@code next} in place of {@code previous} (empty: a new Task). Fails with
     * {@link ProblemCode#RULE_VIOLATED} and what would be allowed, or with {@link ProblemCode#INVALID_RESOURCE} when
     * an element is missing.
     */
    public static void check(Optional<Task> previous, Task next, Actor actor) {
        if (!next.hasStatus()) {
            throw new FhirProblem(
                    ProblemCode.INVALID_RESOURCE, "Task.status", "Task.status: missing (expected: a task status)");
        }
        TaskMachine machine = TaskMachine.of(previous.orElse(next));
        if (previous.isEmpty()) {
            machine.table().require(Optional.empty(), next.getStatus(), actor);
            TaskElements.requireComplete(machine, next);
        } else {
            checkChange(machine, previous.get(), next, actor);
        }
        requireReason(next);
        requireOutput(machine, next);
    }

    /** Whether {@code next} says anything that {@code previous} does not, apart from what the server sets of each version. */
    public static boolean isNews(Task previous, Task next) {
        return !TaskElements.isSame(previous, next);
    }

    /**
     * Lets {@code next} have what is asked by {@code previous} where it says nothing of that, if {@code actor} does the work: many a system
     * puts back only what it knows.
     */
    public static void keepAsked(Task previous, Task next, Actor actor) {
        if (isOfWorker(TaskMachine.of(previous), actor)) {
            TaskElements.keepAsked(previous, next);
        }
    }

    private static boolean isOfWorker(TaskMachine machine, Actor actor) {
        return actor == TARGET && machine != TaskMachine.PATIENT || actor == CLAIMER;
    }

    /** Lets {@code next} have the security labels of {@code previous} if {@code actor} does the work: who asks lifts them. */
    public static void keepLabels(Task previous, Task next, Actor actor) {
        if (actor == TARGET || actor == CLAIMER) {
            previous.getMeta().getSecurity().stream()
                    .filter(label -> next.getMeta().getSecurity(label.getSystem(), label.getCode()) == null)
                    .forEach(label -> next.getMeta().addSecurity(label.copy()));
        }
    }

    private static void checkChange(TaskMachine machine, Task previous, Task next, Actor actor) {
        if (actor == OTHER && !previous.hasOwner() && next.hasOwner()) {
            throw refused(
                    "Task.owner",
                    "Task.owner: set by who may not claim the Task, or to another than oneself (expected: the own"
                            + " Organization, of a requested Task that is offered to it)");
        }
        boolean moves = previous.getStatus() != next.getStatus();
        if (moves) {
            machine.table().require(Optional.of(previous.getStatus()), next.getStatus(), actor);
        } else if (actor == OTHER) {
            throw refused("Task", "Task: changed by neither its requester nor its owner (expected: no change)");
        }
        TaskElements.requireUnchanged(previous, next);
        // One that waited for an agency may become one of several when these are found.
        TaskElements.requireOfferKept(previous, next, actor == PLATFORM && !previous.hasOwner());
        TaskElements.requireOwnerKept(previous, next, mayNameOwner(actor, next.getStatus()));
        if (!Actor.REQUESTERS.contains(actor)) {
            TaskElements.requireRecipientsKept(previous, next);
        }
        if (isOfWorker(machine, actor)) {
            TaskElements.requireAskedKept(previous, next);
            TaskElements.requireIdentifiersKept(previous, next);
        }
        if (!TARGETS.contains(actor)) {
            TaskElements.requireReportsKept(previous, next);
        }
        if (!moves && TaskMachine.ENDS.contains(next.getStatus())) {
            checkAfterEnd(previous, next, actor);
        }
        if (machine == TaskMachine.PATIENT && actor == TARGET && !TaskElements.sameButProgress(previous, next)) {
            throw refused(
                    "Task", "Task: changed by the patient (expected: only status, statusReason and output change)");
        }
    }

    /**
     * A referral may be made before its agency is known; the platform then names the agency as soon as it can. Who claims one
     * may look at it closely before it accepts or rejects.
     */
    private static boolean mayNameOwner(Actor actor, TaskStatus next) {
        return (actor == CLAIMER && (next == REQUESTED || next == ACCEPTED))
                || (actor == PLATFORM && (next == DRAFT || next == REQUESTED));
    }

    private static void checkAfterEnd(Task previous, Task next, Actor actor) {
        boolean onlyAdds = TaskElements.sameButAddedOutputs(previous, next);
        boolean mayAdd = TARGETS.contains(actor) && next.getStatus() != ENTEREDINERROR;
        boolean adds = next.getOutput().size() > previous.getOutput().size();
        if (!onlyAdds || (adds && !mayAdd)) {
            throw refused(
                    "Task",
                    "Task: changed after it was " + next.getStatus().toCode()
                            + (next.getStatus() == ENTEREDINERROR
                                    ? " (expected: no change)"
                                    : " (expected: only outputs added by its owner)"));
        }
    }

    private static void requireReason(Task next) {
        if (NEED_REASON.contains(next.getStatus()) && !next.getStatusReason().hasText()) {
            throw refused(
                    "Task.statusReason.text",
                    "Task.statusReason.text: missing on " + next.getStatus().toCode() + " (expected: why)");
        }
    }

    /** A patient's Task is exempt: SDOHCC completes "make contact" and "review material" without any output. */
    private static void requireOutput(TaskMachine machine, Task next) {
        boolean isExempt = machine == TaskMachine.PATIENT || next.getStatus() != COMPLETED || next.hasOutput();
        boolean saysWhyNot = next.getStatusReason().getCoding().stream()
                .anyMatch(coding -> NO_OUTPUT_REASON_SYSTEM.equals(coding.getSystem())
                        && NO_OUTPUT_REASONS.contains(coding.getCode()));
        if (!isExempt && !saysWhyNot) {
            throw refused(
                    "Task.output",
                    "Task.output: missing on completed (expected: at least one output, or a statusReason coded in "
                            + NO_OUTPUT_REASON_SYSTEM + ")");
        }
    }

    private static FhirProblem refused(String expression, String diagnostics) {
        return new FhirProblem(ProblemCode.RULE_VIOLATED, expression, diagnostics);
    }
}
