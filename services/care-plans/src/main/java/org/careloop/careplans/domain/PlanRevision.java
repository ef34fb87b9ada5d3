package org.careloop.careplans.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Reference;

/**
 * Applies protocols anew to a plan that lives. Three states meet: what was applied last, what applies now, and the plan as it
 * is stored. What differs between the first and the stored one is people's, and stays; only what the platform wrote and nobody
 * has touched is changed or withdrawn. Nothing is removed: withdrawn activities and goals stay, with the reason.
 */
public final class PlanRevision {

    private final PlanDraft stored;
    private final PlanDraft before;
    private final PlanReason why;
    private final Instant now;
    private final CarePlan plan;
    private final List<Goal> goals = new ArrayList<>();

    private PlanRevision(PlanDraft stored, PlanDraft before, PlanReason why, Instant now) {
        this.stored = stored;
        this.before = before;
        this.why = why;
        this.now = now;
        this.plan = stored.plan().copy();
    }

    /**
     * Returns plan, goals and team of {@code stored} as they are once {@code next} applies in place of {@code before}; goals
     * that do not change are left out.
     */
    public static PlanDraft apply(PlanDraft stored, PlanDraft before, PlanDraft next, PlanReason why, Instant now) {
        PlanRevision revision = new PlanRevision(stored, before, why, now);
        next.goals().forEach(revision::takeOver);
        before.goals().stream()
                .filter(goal -> find(next.goals(), goal).isEmpty())
                .forEach(revision::withdrawUnlessEdited);
        next.plan().getActivity().forEach(revision::takeOver);
        before.plan().getActivity().stream()
                .filter(activity ->
                        PlannedWork.find(next.plan(), activity.getId()).isEmpty())
                .forEach(revision::withdrawUnlessEdited);
        PlanElements.merge(revision.plan, before.plan(), next.plan());
        revision.tellInWords();
        return new PlanDraft(
                revision.plan, revision.goals, TeamRevision.joined(stored.team(), before.team(), next.team()));
    }

    /**
     * Returns {@code stored} with all withdrawn that {@code before} asked for and nobody has begun; what people changed of it is
     * kept, and is withdrawn like the rest. Goals stay as they are.
     */
    public static CarePlan withdrawWork(PlanDraft stored, PlanDraft before, PlanReason why) {
        CarePlan plan = stored.plan().copy();
        before.plan().getActivity().stream()
                .flatMap(activity -> PlannedWork.find(plan, activity.getId()).stream())
                .filter(PlannedWork::isUntouched)
                .forEach(activity -> PlannedWork.withdraw(activity, why.concept()));
        return plan;
    }

    /** Returns the goals of {@code before} that are still open in {@code stored}, cancelled. */
    public static List<Goal> cancelGoals(PlanDraft stored, PlanDraft before, PlanReason why, Instant now) {
        return before.goals().stream()
                .flatMap(goal -> find(stored.goals(), goal).stream())
                .filter(PlanRevision::isOpen)
                .map(goal -> cancelled(goal, why, now))
                .toList();
    }

    /** Returns what of {@code before} still applies after {@link #withdrawWork}: what a person had removed before stays applied. */
    public static PlanDraft standing(PlanDraft stored, PlanDraft before) {
        CarePlan standing = before.plan().copy();
        standing.getActivity()
                .removeIf(activity -> PlannedWork.find(stored.plan(), activity.getId())
                        .filter(PlannedWork::isUntouched)
                        .isPresent());
        return new PlanDraft(standing, before.goals(), before.team());
    }

    /**
     * Returns {@code applied} as the next revision compares with it: with the words that {@code plan} holds now, if they are still
     * the platform's.
     */
    public static PlanDraft remembered(PlanDraft applied, PlanDraft stored, PlanDraft before, CarePlan plan) {
        boolean isOwn = stored.plan().getText().equalsDeep(before.plan().getText());
        CarePlan remembered = applied.plan().copy();
        remembered.setText((isOwn ? plan : before.plan()).getText().copy());
        return new PlanDraft(remembered, applied.goals(), applied.team());
    }

    /** The ids of the goals among {@code goals} that the platform has withdrawn: they have ended, and cannot be opened again. */
    public static Set<String> spent(List<Goal> goals) {
        return goals.stream()
                .filter(goal -> goal.getLifecycleStatus() == GoalLifecycleStatus.CANCELLED)
                .filter(goal -> goal.hasExtension(PlanVocabulary.GOAL_WITHDRAWN))
                .map(goal -> goal.getIdElement().getIdPart())
                .collect(Collectors.toSet());
    }

    private void takeOver(Goal next) {
        Optional<Goal> known = find(stored.goals(), next);
        Optional<Goal> applied = find(before.goals(), next);
        if (known.isPresent() && applied.isPresent() && isOpen(known.get())) {
            Goal merged = PlanElements.merge(known.get().copy(), applied.get(), next);
            if (!merged.equalsDeep(known.get())) {
                goals.add(merged);
            }
        } else if (known.isEmpty() && applied.isEmpty()) {
            goals.add(next.copy());
            plan.addGoal(new Reference("Goal/" + next.getIdElement().getIdPart())
                    .setDisplay(next.getDescription().getText()));
        }
    }

    private void takeOver(CarePlanActivityComponent next) {
        Optional<CarePlanActivityComponent> known = PlannedWork.find(plan, next.getId());
        Optional<CarePlanActivityComponent> applied = PlannedWork.find(before.plan(), next.getId());
        if (known.isPresent() && applied.isPresent()) {
            PlanElements.merge(known.get(), applied.get(), next);
        } else if (known.isEmpty() && applied.isEmpty()) {
            PlannedWork.add(plan, next);
        }
    }

    private void withdrawUnlessEdited(Goal applied) {
        find(stored.goals(), applied)
                .filter(PlanRevision::isOpen)
                .filter(known -> !PlanElements.isEdited(known, applied) && !isMoved(known))
                .ifPresent(known -> goals.add(cancelled(known, why, now)));
    }

    private void withdrawUnlessEdited(CarePlanActivityComponent applied) {
        PlannedWork.find(plan, applied.getId())
                .filter(PlannedWork::isUntouched)
                .filter(known -> !PlanElements.isEdited(known, applied))
                .ifPresent(known -> PlannedWork.withdraw(known, why.concept()));
    }

    private static Goal cancelled(Goal goal, PlanReason why, Instant now) {
        Goal cancelled = goal.copy()
                .setLifecycleStatus(GoalLifecycleStatus.CANCELLED)
                .setStatusReason(why.concept().getText())
                .setStatusDateElement(FhirTime.date(LocalDate.ofInstant(now, ZoneOffset.UTC)));
        // In R4 the reason is a text; its code is what tells our doing from a person's.
        cancelled.addExtension(PlanVocabulary.GOAL_WITHDRAWN, why.concept());
        return cancelled;
    }

    private static boolean isOpen(Goal goal) {
        return !GoalLifecycle.ENDS.contains(goal.getLifecycleStatus())
                && !GoalProgress.REACHED.contains(GoalProgress.achievementOf(goal));
    }

    /** Whether somebody has worked towards it. */
    private static boolean isMoved(Goal goal) {
        return !"in-progress".equals(GoalProgress.achievementOf(goal)) || goal.hasOutcomeReference();
    }

    private void tellInWords() {
        Narrative text = stored.plan().getText();
        if (text.equalsDeep(before.plan().getText())) {
            Set<String> changed = new HashSet<>();
            goals.forEach(goal -> changed.add(goal.getIdElement().getIdPart()));
            List<Goal> all = new ArrayList<>(stored.goals().stream()
                    .filter(goal -> !changed.contains(goal.getIdElement().getIdPart()))
                    .toList());
            all.addAll(goals);
            plan.setText(PlanNarrative.of(
                    plan, all.stream().filter(PlanRevision::isInWords).toList()));
        }
    }

    private static boolean isInWords(Goal goal) {
        return goal.getLifecycleStatus() != GoalLifecycleStatus.CANCELLED;
    }

    private static Optional<Goal> find(List<Goal> goals, Goal wanted) {
        return goals.stream()
                .filter(goal -> goal.getIdElement()
                        .getIdPart()
                        .equals(wanted.getIdElement().getIdPart()))
                .findFirst();
    }
}
