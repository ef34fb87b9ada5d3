package org.careloop.referrals.domain;

import java.util.Collection;
import java.util.List;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** Whether the Tasks of one request have done what it asks for; Tasks entered in error do not count. */
final class Fulfilment {

    private Fulfilment() {}

    /** True when every Task has ended and one is completed; an open Task that was split counts as its parts do. */
    static boolean isComplete(Collection<Task> tasks) {
        List<Task> valid = tasks.stream()
                .filter(task -> task.getStatus() != TaskStatus.ENTEREDINERROR)
                .toList();
        List<Task> roots = valid.stream()
                .filter(task -> valid.stream().noneMatch(other -> isPart(task, other)))
                .toList();
        return !roots.isEmpty()
                && roots.stream().allMatch(root -> hasEnded(root, valid))
                && roots.stream().anyMatch(root -> isCompleted(root, valid));
    }

    /** What the owner of the whole says outweighs its parts. */
    private static boolean hasEnded(Task task, List<Task> all) {
        List<Task> parts = partsOf(task, all);
        return TaskMachine.ENDS.contains(task.getStatus())
                || (!parts.isEmpty() && parts.stream().allMatch(part -> hasEnded(part, all)));
    }

    private static boolean isCompleted(Task task, List<Task> all) {
        return TaskMachine.ENDS.contains(task.getStatus())
                ? task.getStatus() == TaskStatus.COMPLETED
                : partsOf(task, all).stream().anyMatch(part -> isCompleted(part, all));
    }

    private static List<Task> partsOf(Task whole, List<Task> all) {
        return all.stream().filter(task -> isPart(task, whole)).toList();
    }

    private static boolean isPart(Task part, Task whole) {
        String reference = "Task/" + whole.getIdElement().getIdPart();
        return part != whole && part.getPartOf().stream().anyMatch(partOf -> reference.equals(partOf.getReference()));
    }
}
