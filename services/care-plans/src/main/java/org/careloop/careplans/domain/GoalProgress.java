package org.careloop.careplans.domain;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * How goals follow completed work: the plan holds for each activity which goals it achieves or advances. Goals move
 * only
 * forward and only on evidence: a Task that was completed without an output moves none. What a person has judged
 * ({@code not-achieved}, {@code not-attainable}) is left alone.
 */
public final class GoalProgress {

    static final Set<String> REACHED = Set.of("achieved", "sustaining");
    private static final Set<String> JUDGED = Set.of("not-achieved", "not-attainable");
    private static final Set<GoalLifecycleStatus> PURSUED =
            Set.of(GoalLifecycleStatus.PLANNED, GoalLifecycleStatus.ACCEPTED, GoalLifecycleStatus.ACTIVE);

    private GoalProgress() {}

    /**
     * Returns those of {@code goals} that change by {@code task}, as changed copies: none if the Task is not completed,
     * has no output, or is not of {@code plan}; none when told again.
     *
     * @param today the date of the status, where the person lives
     */
    public static List<Goal> follow(CarePlan plan, Task task, Collection<Goal> goals, LocalDate today) {
        if (!isEvidence(plan, task)) {
            return List.of();
        }
        List<Goal> changed = new ArrayList<>();
        ActivityKey.of(task.getIdentifier())
                .flatMap(key -> key.find(plan))
                .map(activity -> activity.getExtensionsByUrl(PlanVocabulary.ACTIVITY_GOAL))
                .orElse(List.of())
                .forEach(link -> find(link, goals)
                        .flatMap(goal -> moved(goal, effect(link), task, today))
                        .ifPresent(changed::add));
        return changed;
    }

    /** Tells whether goals of {@code plan} may move by {@code task}. */
    public static boolean isEvidence(CarePlan plan, Task task) {
        return task.getStatus() == TaskStatus.COMPLETED
                && task.hasOutput()
                && CarePlanProgress.isSame(task.getFor(), plan.getSubject());
    }

    static CodeableConcept achievement(String code) {
        return new CodeableConcept(new Coding(PlanVocabulary.ACHIEVEMENT_SYSTEM, code, null));
    }

    /** The achievement status, empty text when there is none. */
    static String achievementOf(Goal goal) {
        return goal.getAchievementStatus().getCoding().stream()
                .filter(coding -> PlanVocabulary.ACHIEVEMENT_SYSTEM.equals(coding.getSystem()))
                .map(Coding::getCode)
                .findFirst()
                .orElse("");
    }

    private static Optional<Goal> moved(Goal goal, GoalEffect effect, Task task, LocalDate today) {
        if (!PURSUED.contains(goal.getLifecycleStatus())) {
            return Optional.empty();
        }
        Goal copy = goal.copy();
        String now = achievementOf(goal);
        String next = next(now, effect);
        if (!next.equals(now)) {
            copy.setAchievementStatus(achievement(next)).setStatusDateElement(FhirTime.date(today));
        }
        CarePlanProgress.outcomesOf(task).forEach(outcome -> addEvidence(copy, outcome));
        return copy.equalsDeep(goal) ? Optional.empty() : Optional.of(copy);
    }

    private static String next(String now, GoalEffect effect) {
        if (REACHED.contains(now) || JUDGED.contains(now)) {
            return now;
        }
        return switch (effect) {
            case ACHIEVES -> "achieved";
            case ADVANCES -> "improving";
        };
    }

    /** R4 takes only Observations as outcomes of a goal; everything else goes to our extension. */
    private static void addEvidence(Goal goal, Reference evidence) {
        if ("Observation".equals(evidence.getReferenceElement().getResourceType())) {
            if (goal.getOutcomeReference().stream().noneMatch(held -> CarePlanProgress.isSame(held, evidence))) {
                goal.addOutcomeReference(evidence.copy());
            }
        } else if (goal.getExtensionsByUrl(PlanVocabulary.GOAL_EVIDENCE).stream()
                .noneMatch(held -> CarePlanProgress.isSame((Reference) held.getValue(), evidence))) {
            goal.addExtension(PlanVocabulary.GOAL_EVIDENCE, evidence.copy());
        }
    }

    private static Optional<Goal> find(Extension link, Collection<Goal> goals) {
        Reference wanted = (Reference) link.getExtensionByUrl("goal").getValue();
        return goals.stream()
                .filter(goal -> ("Goal/" + goal.getIdElement().getIdPart()).equals(wanted.getReference()))
                .findFirst();
    }

    private static GoalEffect effect(Extension link) {
        return GoalEffect.of(link.getExtensionString("effect"));
    }
}
