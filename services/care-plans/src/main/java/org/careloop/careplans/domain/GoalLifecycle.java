package org.careloop.careplans.domain;

import static org.careloop.careplans.domain.PlanActor.KEEPERS;
import static org.careloop.careplans.domain.PlanActor.PATIENT;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.ACCEPTED;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.ACTIVE;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.CANCELLED;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.COMPLETED;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.ENTEREDINERROR;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.ONHOLD;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.PLANNED;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.PROPOSED;
import static org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus.REJECTED;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.StatusTable;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;

/**
 * Guards every write of a Goal. The patient may propose a goal, and accept or reject one that is not pursued yet.
 * FHIR names the statuses and no transitions: this table is our design.
 */
public final class GoalLifecycle {

    static final Set<GoalLifecycleStatus> ENDS = Set.copyOf(EnumSet.of(COMPLETED, CANCELLED, REJECTED, ENTEREDINERROR));
    private static final Set<String> FINAL_ACHIEVEMENTS =
            Set.of("achieved", "sustaining", "not-achieved", "not-attainable");
    private static final List<String> IMMUTABLE = List.of("subject");
    private static final StatusTable<GoalLifecycleStatus, PlanActor> TABLE = table();

    private GoalLifecycle() {}

    /**
     * Passes when {@code actor}, as found with the plan of the goal, may store {@code next} in place of {@code
     * previous}
     * (empty: a new goal). Fails with RULE_VIOLATED and what would be allowed, or INVALID_RESOURCE when there is no
     * status.
     */
    public static void check(Optional<Goal> previous, Goal next, PlanActor actor) {
        PlanRules.requirePresent("Goal.lifecycleStatus", next.hasLifecycleStatus());
        Optional<GoalLifecycleStatus> from = previous.map(Goal::getLifecycleStatus);
        GoalLifecycleStatus to = next.getLifecycleStatus();
        if (from.equals(Optional.of(to))) {
            PlanRules.requireMayEdit("Goal", actor, ENDS.contains(to));
        } else {
            TABLE.require(from, to, actor);
        }
        previous.ifPresent(known -> PlanRules.requireUnchanged(IMMUTABLE, known, next));
        PlanRules.require(
                (to != REJECTED && to != CANCELLED) || next.hasStatusReason(),
                "Goal.statusReason",
                "missing on " + to.toCode(),
                "why");
        PlanRules.require(
                to != COMPLETED || FINAL_ACHIEVEMENTS.contains(GoalProgress.achievementOf(next)),
                "Goal.achievementStatus",
                "not final on completed",
                "achieved, sustaining, not-achieved or not-attainable");
    }

    private static StatusTable<GoalLifecycleStatus, PlanActor> table() {
        Set<PlanActor> all = EnumSet.copyOf(KEEPERS);
        all.add(PATIENT);
        return StatusTable.<GoalLifecycleStatus, PlanActor>of(
                        "Goal.lifecycleStatus", GoalLifecycleStatus.class, GoalLifecycleStatus::toCode)
                .create(EnumSet.of(PROPOSED), all)
                .create(EnumSet.of(PLANNED, ACCEPTED, ACTIVE), KEEPERS)
                .move(EnumSet.of(PROPOSED, PLANNED), EnumSet.of(ACCEPTED, REJECTED), all)
                .move(EnumSet.of(PROPOSED), EnumSet.of(PLANNED), KEEPERS)
                .move(EnumSet.of(PROPOSED, PLANNED, ACCEPTED, ONHOLD), EnumSet.of(ACTIVE), KEEPERS)
                .move(EnumSet.of(ACTIVE), EnumSet.of(ONHOLD), KEEPERS)
                .move(EnumSet.of(ACTIVE, ONHOLD), EnumSet.of(COMPLETED), KEEPERS)
                .move(EnumSet.of(PROPOSED, PLANNED, ACCEPTED, ACTIVE, ONHOLD), EnumSet.of(CANCELLED), KEEPERS)
                .move(
                        EnumSet.of(PROPOSED, PLANNED, ACCEPTED, ACTIVE, ONHOLD, COMPLETED, CANCELLED, REJECTED),
                        EnumSet.of(ENTEREDINERROR),
                        KEEPERS)
                .build();
    }
}
