package org.careloop.careplans.domain;

import static org.careloop.careplans.domain.PlanActor.KEEPERS;
import static org.hl7.fhir.r4.model.CarePlan.CarePlanStatus.ACTIVE;
import static org.hl7.fhir.r4.model.CarePlan.CarePlanStatus.COMPLETED;
import static org.hl7.fhir.r4.model.CarePlan.CarePlanStatus.DRAFT;
import static org.hl7.fhir.r4.model.CarePlan.CarePlanStatus.ENTEREDINERROR;
import static org.hl7.fhir.r4.model.CarePlan.CarePlanStatus.ONHOLD;
import static org.hl7.fhir.r4.model.CarePlan.CarePlanStatus.REVOKED;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.StatusTable;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Reference;

/** Guards every write of a CarePlan: who may set which status, and what each status needs. */
public final class CarePlanLifecycle {

    private static final List<String> IMMUTABLE = List.of("subject", "intent", "author");
    private static final Set<CarePlanStatus> ENDS = EnumSet.of(REVOKED, COMPLETED, ENTEREDINERROR);
    private static final StatusTable<CarePlanStatus, PlanActor> TABLE = StatusTable.<CarePlanStatus, PlanActor>of(
                    "CarePlan.status", CarePlanStatus.class, CarePlanStatus::toCode)
            .create(EnumSet.of(DRAFT, ACTIVE), KEEPERS)
            .move(EnumSet.of(DRAFT), EnumSet.of(ACTIVE), KEEPERS)
            .move(EnumSet.of(ACTIVE), EnumSet.of(ONHOLD, COMPLETED), KEEPERS)
            .move(EnumSet.of(ONHOLD), EnumSet.of(ACTIVE), KEEPERS)
            .move(EnumSet.of(DRAFT, ACTIVE, ONHOLD), EnumSet.of(REVOKED), KEEPERS)
            .move(EnumSet.of(DRAFT, ACTIVE, ONHOLD, REVOKED, COMPLETED), EnumSet.of(ENTEREDINERROR), KEEPERS)
            .build();

    private CarePlanLifecycle() {}

    /**
     * Passes when {@code actor} may store {@code next} in place of {@code previous} (empty: a new plan). Fails with
     * RULE_VIOLATED and what would be allowed, or INVALID_RESOURCE when there is no status.
     *
     * @param goals the stored goals of {@code next}, if it {@linkplain #looksAtGoals looks at them}
     */
    public static void check(Optional<CarePlan> previous, CarePlan next, PlanActor actor, Collection<Goal> goals) {
        PlanRules.requirePresent("CarePlan.status", next.hasStatus());
        Optional<CarePlanStatus> from = previous.map(CarePlan::getStatus);
        boolean moves = !from.equals(Optional.of(next.getStatus()));
        if (moves) {
            TABLE.require(from, next.getStatus(), actor);
        } else {
            PlanRules.requireMayEdit("CarePlan", actor, ENDS.contains(next.getStatus()));
        }
        previous.ifPresent(known -> PlanRules.requireUnchanged(IMMUTABLE, known, next));
        switch (next.getStatus()) {
            case ACTIVE -> requireSubstance(next);
            case REVOKED, ENTEREDINERROR -> requireReason(next);
            case COMPLETED -> {
                if (moves) {
                    requireDone(next, goals);
                }
            }
            case DRAFT, ONHOLD, UNKNOWN, NULL -> {}
        }
    }

    /** Tells whether the goals of {@code next} decide whether it may be stored: a plan is completed when they are settled. */
    public static boolean looksAtGoals(CarePlan next) {
        return next.getStatus() == COMPLETED;
    }

    private static void requireSubstance(CarePlan plan) {
        PlanRules.require(
                plan.hasAddresses(), "CarePlan.addresses", "missing on active", "the conditions that the plan is for");
        PlanRules.require(plan.hasGoal(), "CarePlan.goal", "missing on active", "at least one goal");
    }

    private static void requireReason(CarePlan plan) {
        boolean isGiven = plan.getExtensionsByUrl(PlanVocabulary.STATUS_REASON).stream()
                .anyMatch(reason -> reason.getValue() instanceof CodeableConcept concept
                        && (concept.hasText() || concept.hasCoding()));
        PlanRules.require(
                isGiven,
                "CarePlan.extension",
                "no reason for " + plan.getStatus().toCode(),
                PlanVocabulary.STATUS_REASON + " with text or coding");
    }

    private static void requireDone(CarePlan plan, Collection<Goal> goals) {
        boolean areSettled = plan.getGoal().stream().allMatch(reference -> isSettled(reference, goals));
        PlanRules.require(
                areSettled, "CarePlan.goal", "open on completed", "every goal achieved, completed or cancelled");
        PlanRules.require(
                plan.getActivity().stream().noneMatch(ActivityProgress::isOpen),
                "CarePlan.activity",
                "open on completed",
                "every activity ended");
    }

    private static boolean isSettled(Reference reference, Collection<Goal> goals) {
        return goals.stream()
                .filter(goal -> ("Goal/" + goal.getIdElement().getIdPart()).equals(reference.getReference()))
                .anyMatch(goal -> GoalLifecycle.ENDS.contains(goal.getLifecycleStatus())
                        || GoalProgress.REACHED.contains(GoalProgress.achievementOf(goal)));
    }
}
