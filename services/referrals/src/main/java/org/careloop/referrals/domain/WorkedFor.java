package org.careloop.referrals.domain;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** What a Task and another, by which the work for it is done, tell each other: the copy of an agency, or the Task that its owner passed it on by. */
final class WorkedFor {

    static final Coding RECEIVED =
            new Coding("https://careloop.org/fhir/CodeSystem/referral-progress", "received", "Received");
    private static final Set<TaskStatus> AFTER_ACCEPTANCE =
            EnumSet.of(TaskStatus.INPROGRESS, TaskStatus.ONHOLD, TaskStatus.COMPLETED, TaskStatus.FAILED);

    private WorkedFor() {}

    /**
     * Returns what {@code task} becomes by what {@code work} says, one after the other, each to be stored; empty when it says nothing
     * new. Several steps may be taken between two looks: then the acceptance comes first, and a fine state that does not follow from
     * the last comes after none. What {@code work} says nothing of stays, as do outputs that it lacks.
     */
    static List<Task> told(Task task, Task work, FineStates fineStates) {
        Task told = task.copy().setStatus(work.getStatus());
        if (work.getStatus() == TaskStatus.RECEIVED) {
            told.setStatus(TaskStatus.REQUESTED).setBusinessStatus(new CodeableConcept(RECEIVED.copy()));
        } else if (work.hasBusinessStatus() && !fineStates.isWaitingForOwner(task, work)) {
            told.setBusinessStatus(work.getBusinessStatus());
        }
        if (work.hasStatusReason()) {
            told.setStatusReason(work.getStatusReason());
        }
        work.getOutput().stream()
                .filter(output -> task.getOutput().stream().noneMatch(output::equalsDeep))
                .forEach(told::addOutput);
        if (told.equalsDeep(task)) {
            return List.of();
        }
        List<Task> steps = new ArrayList<>();
        if (task.getStatus() == TaskStatus.REQUESTED && AFTER_ACCEPTANCE.contains(told.getStatus())) {
            steps.add(task.copy().setStatus(TaskStatus.ACCEPTED));
        }
        if (!fineStates.follows(task, told)) {
            steps.add((steps.isEmpty() ? task : steps.getLast()).copy().setBusinessStatus(null));
        }
        steps.add(told);
        return steps;
    }

    /**
     * Returns what {@code work} becomes by what {@code task} asks now. The status is for who works to say, but for the end that who
     * asked gives it, or asks for.
     */
    static Task asked(Task task, Task work, FineStates fineStates) {
        Task next = asking(task, work);
        if (isEndedByRequester(task) && !TaskLifecycle.hasEnded(work)) {
            next.setStatus(task.getStatus()).setStatusReason(task.getStatusReason());
        }
        if (fineStates.isWaitingForOwner(task, work) && !TaskLifecycle.hasEnded(work)) {
            next.setBusinessStatus(task.getBusinessStatus());
        }
        return next;
    }

    /** Returns a copy of {@code work} that says of what is to be done what {@code task} says. */
    static Task asking(Task task, Task work) {
        Task next = work.copy()
                .setDescription(task.getDescription())
                .setPriority(task.getPriority())
                .setInput(task.getInput());
        next.setRestriction(task.hasRestriction() ? task.getRestriction().copy() : null);
        return next;
    }

    private static boolean isEndedByRequester(Task task) {
        return task.getStatus() == TaskStatus.CANCELLED || task.getStatus() == TaskStatus.ENTEREDINERROR;
    }
}
