package org.careloop.referrals.domain;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * Tasks that ask several agencies for the same at once: one for each, all of one request and with the same {@code groupIdentifier}
 * of {@link #SYSTEM}. The first that is accepted ends the others. How many the platform asks is {@code rules/offers.yaml}.
 */
public final class Offers {

    /** The system of the identifiers that make Tasks alternatives of each other. */
    public static final String SYSTEM = "https://careloop.org/fhir/sid/offer";

    record Rules(String version, Map<TaskPriority, Integer> atOnce) {}

    private static final Set<TaskStatus> TAKEN =
            EnumSet.of(TaskStatus.ACCEPTED, TaskStatus.INPROGRESS, TaskStatus.ONHOLD, TaskStatus.COMPLETED);

    private final Rules rules;

    Offers(Rules rules) {
        this.rules = rules;
        for (TaskPriority priority : TaskPriority.values()) {
            if (priority != TaskPriority.NULL && rules.atOnce().getOrDefault(priority, 0) < 1) {
                throw new IllegalStateException("at-once: too few for " + priority + " (expected: 1 or more)");
            }
        }
    }

    /** Returns the rules that this product ships. */
    public static Offers shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static Offers of(RuleSource source) {
        return new Offers(source.read(Rules.class, "rules/offers.yaml"));
    }

    /** Returns how many agencies the platform asks at once for {@code referral}; routine where it has no priority. */
    public int atOnce(Task referral) {
        return rules.atOnce().get(referral.hasPriority() ? referral.getPriority() : TaskPriority.ROUTINE);
    }

    /** Makes {@code tasks} alternatives of each other, under {@code key}. */
    static void join(List<Task> tasks, String key) {
        tasks.forEach(task ->
                task.setGroupIdentifier(new Identifier().setSystem(SYSTEM).setValue(key)));
    }

    /** Whether {@code task} is one of several of which one is enough. */
    public static boolean isAlternative(Task task) {
        return SYSTEM.equals(task.getGroupIdentifier().getSystem())
                && task.getGroupIdentifier().hasValue();
    }

    /** Returns those of {@code tasks}, the Tasks of one request, that end because {@code accepted} is: each withdrawn, to be stored. */
    public static List<Task> withdrawn(Task accepted, Collection<Task> tasks, Instant at) {
        return others(accepted, tasks)
                .filter(task -> task.getStatus() == TaskStatus.REQUESTED || task.getStatus() == TaskStatus.DRAFT)
                .map(task -> withdrawn(task, at))
                .toList();
    }

    /** Whether one of {@code tasks}, the Tasks of one request, was accepted before {@code accepted}, of which one is enough. */
    public static boolean isTaken(Task accepted, Collection<Task> tasks) {
        return others(accepted, tasks).anyMatch(task -> TAKEN.contains(task.getStatus()));
    }

    /** Whoever else has the record open cannot make its Tasks alternatives of another requester's. */
    private static Stream<Task> others(Task accepted, Collection<Task> tasks) {
        return tasks.stream()
                .filter(task -> !task.getIdElement()
                                .getIdPart()
                                .equals(accepted.getIdElement().getIdPart())
                        && task.getGroupIdentifier().equalsDeep(accepted.getGroupIdentifier())
                        && Element.isSame("requester", task, accepted));
    }

    /** A draft was never offered to anybody, so it is taken back as a mistake. */
    private static Task withdrawn(Task task, Instant at) {
        TaskStatus end = task.getStatus() == TaskStatus.DRAFT ? TaskStatus.ENTEREDINERROR : TaskStatus.CANCELLED;
        return task.copy()
                .setStatus(end)
                .setStatusReason(new CodeableConcept(new Coding(EndReasons.SYSTEM, EndReasons.ACCEPTED_ELSEWHERE, null))
                        .setText("Another agency has accepted"))
                .setLastModifiedElement(FhirTime.dateTime(at));
    }
}
