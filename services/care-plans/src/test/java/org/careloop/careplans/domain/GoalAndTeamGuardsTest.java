package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.domain.Lifecycles.assertIssue;
import static org.careloop.careplans.domain.Lifecycles.goal;
import static org.careloop.careplans.domain.Lifecycles.problem;
import static org.careloop.careplans.domain.Lifecycles.refused;
import static org.careloop.careplans.domain.Lifecycles.team;

import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a status of a Goal or CareTeam needs. */
class GoalAndTeamGuardsTest {

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "CANCELLED"})
    void refusesToGiveUpGoalWithoutReason(GoalLifecycleStatus status) {
        // When
        FhirProblem problem = refused(() -> GoalLifecycle.check(
                Optional.of(goal(GoalLifecycleStatus.PROPOSED)), goal(status).setStatusReason(null), PlanActor.AUTHOR));
        // Then
        assertIssue(
                problem, "Goal.statusReason", "Goal.statusReason: missing on " + status.toCode() + " (expected: why)");
    }

    @Test
    void refusesToCompleteGoalWhoseAchievementIsNotFinal() {
        // Given
        Goal next = goal(GoalLifecycleStatus.COMPLETED);
        next.setAchievementStatus(GoalProgress.achievement("improving"));
        // When
        FhirProblem problem = refused(
                () -> GoalLifecycle.check(Optional.of(goal(GoalLifecycleStatus.ACTIVE)), next, PlanActor.AUTHOR));
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Goal.achievementStatus");
    }

    @Test
    void refusesActiveTeamWithoutMembersOrRoles() {
        // Given
        CareTeam empty = team(CareTeamStatus.ACTIVE).setParticipant(null);
        CareTeam roleless = team(CareTeamStatus.ACTIVE);
        roleless.addParticipant().setMember(new Reference("Practitioner/1"));
        CareTeam memberless = team(CareTeamStatus.ACTIVE);
        memberless.addParticipant().addRole().setText("Nurse");
        // When, Then
        for (CareTeam team : List.of(empty, roleless, memberless)) {
            assertThat(refused(() -> CareTeamLifecycle.check(Optional.empty(), team, PlanActor.AUTHOR))
                            .issues()
                            .getFirst()
                            .expression())
                    .contains("CareTeam.participant");
        }
    }
}
