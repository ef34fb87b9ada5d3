package org.careloop.careplans.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Reference;

/**
 * What goes on when the plan of a later stay takes the place of another: what people have set themselves, whom they have added
 * to the team, and what was begun. What the protocols had asked for is asked for anew, by what applies after the later stay.
 */
public final class PlanSuccession {

    private PlanSuccession() {}

    /**
     * Returns {@code next} with what goes on of {@code former}, as it is stored, of which {@code applied} was the platform's. Its
     * goals stay resources of their own; work that was handed out is pointed to, and goes on as it is.
     */
    public static PlanDraft carry(PlanDraft next, PlanDraft former, PlanDraft applied) {
        CarePlan plan = next.plan().copy();
        plan.addReplaces(
                new Reference("CarePlan/" + former.plan().getIdElement().getIdPart()));
        former.goals().stream()
                .filter(PlanSuccession::isOpen)
                .filter(goal -> isOwn(goal, applied))
                .map(PlanSuccession::reference)
                .filter(goal -> plan.getGoal().stream().noneMatch(known -> CarePlanProgress.isSame(known, goal)))
                .forEach(plan::addGoal);
        former.plan().getActivity().stream()
                .filter(activity -> !PlannedWork.isWithdrawn(activity) && ActivityProgress.isOpen(activity))
                .forEach(activity -> carry(activity, applied, plan));
        List<Goal> inWords = new ArrayList<>(next.goals());
        former.goals().stream()
                .filter(goal -> isOpen(goal) && isOwn(goal, applied))
                .forEach(inWords::add);
        plan.setText(PlanNarrative.of(plan, inWords));
        return new PlanDraft(plan, next.goals(), TeamRevision.withOwn(next.team(), former.team(), applied.team()));
    }

    private static void carry(CarePlanActivityComponent activity, PlanDraft applied, CarePlan plan) {
        String key = PlannedWork.keyOf(activity);
        Optional<CarePlanActivityComponent> asked = PlannedWork.find(applied.plan(), key);
        if (activity.hasReference()) {
            boolean goesOn = asked.isEmpty() || !PlannedWork.isUntouched(activity);
            boolean isThere = plan.getActivity().stream()
                    .anyMatch(known -> CarePlanProgress.isSame(known.getReference(), activity.getReference()));
            if (goesOn && !isThere) {
                CarePlanActivityComponent continued = new CarePlanActivityComponent();
                continued.setReference(activity.getReference().copy()).setId("continued-" + activity.getId());
                plan.addActivity(continued);
            }
            return;
        }
        boolean isOwn = asked.isEmpty() || PlanElements.isEdited(activity, asked.get());
        if (isOwn && PlannedWork.find(plan, key).isEmpty()) {
            CarePlanActivityComponent own = activity.copy();
            plan.addActivity(own);
        }
    }

    private static boolean isOwn(Goal goal, PlanDraft applied) {
        return applied.goals().stream()
                .filter(made -> made.getIdElement()
                        .getIdPart()
                        .equals(goal.getIdElement().getIdPart()))
                .allMatch(made -> PlanElements.isEdited(goal, made));
    }

    private static boolean isOpen(Goal goal) {
        return !GoalLifecycle.ENDS.contains(goal.getLifecycleStatus())
                && !GoalProgress.REACHED.contains(GoalProgress.achievementOf(goal));
    }

    private static Reference reference(Goal goal) {
        return new Reference("Goal/" + goal.getIdElement().getIdPart())
                .setDisplay(goal.getDescription().getText());
    }
}
