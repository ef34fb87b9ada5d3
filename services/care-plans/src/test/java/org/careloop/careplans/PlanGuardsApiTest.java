package org.careloop.careplans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.DischargeScene.change;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.junit.jupiter.api.Test;

/** Every write of plan, goal and team is held to its life cycle, and says what would be allowed. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "care_plans"))
class PlanGuardsApiTest {

    private final DischargeScene scene = DischargeScene.fresh();

    @Test
    void coordinatorPausesPlanButDoesNotMakeItDraftOrComplete() {
        // Given
        scene.planned();
        // When
        String draft = Fhir.problem(
                change(CarePlan.class, scene.planId(), plan -> plan.setStatus(CarePlanStatus.DRAFT)),
                ProblemCode.RULE_VIOLATED);
        String completed = Fhir.problem(
                change(CarePlan.class, scene.planId(), plan -> plan.setStatus(CarePlanStatus.COMPLETED)),
                ProblemCode.RULE_VIOLATED);
        int paused = change(CarePlan.class, scene.planId(), plan -> plan.setStatus(CarePlanStatus.ONHOLD))
                .statusCode();
        // Then
        assertThat(draft).startsWith("CarePlan.status: ");
        assertThat(completed)
                .isEqualTo("CarePlan.goal: open on completed (expected: every goal achieved, completed or cancelled)");
        assertThat(paused).isEqualTo(200);
        assertThat(scene.plan().getStatus()).isEqualTo(CarePlanStatus.ONHOLD);
    }

    @Test
    void planKeepsItsPatient() {
        // Given
        scene.planned();
        String other = DischargeScene.fresh().planned().patient();
        // When
        String problem = Fhir.problem(
                change(CarePlan.class, scene.planId(), plan -> plan.getSubject().setReference("Patient/" + other)),
                ProblemCode.RULE_VIOLATED);
        // Then
        assertThat(problem).isEqualTo("CarePlan.subject: changed (expected: as it was when it was made)");
    }

    @Test
    void goalIsCompletedWithJudgementOnly() {
        // Given
        scene.planned();
        String goal = Fhir.found("Goal?patient=" + scene.patient()).getFirst();
        // When
        String problem = Fhir.problem(
                change(Goal.class, goal, each -> {
                    each.setLifecycleStatus(GoalLifecycleStatus.COMPLETED);
                    each.setAchievementStatus(null);
                }),
                ProblemCode.RULE_VIOLATED);
        // Then
        assertThat(problem)
                .isEqualTo("Goal.achievementStatus: not final on completed"
                        + " (expected: achieved, sustaining, not-achieved or not-attainable)");
        assertThat(change(Goal.class, goal, each -> {
                            each.setLifecycleStatus(GoalLifecycleStatus.COMPLETED);
                            each.setAchievementStatus(new CodeableConcept(new Coding(
                                    "http://terminology.hl7.org/CodeSystem/goal-achievement", "achieved", null)));
                        })
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void activeTeamKeepsMembers() {
        // Given
        scene.planned();
        String team = Fhir.found("CareTeam?patient=" + scene.patient()).getFirst();
        // When
        String problem = Fhir.problem(
                change(CareTeam.class, team, each -> each.setParticipant(List.of())), ProblemCode.RULE_VIOLATED);
        // Then
        assertThat(problem)
                .isEqualTo("CareTeam.participant: missing, or without role or member, on active"
                        + " (expected: participants with role and member)");
        assertThat(change(CareTeam.class, team, each -> each.setName("Team of the stay"))
                        .statusCode())
                .isEqualTo(200);
    }
}
