package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanIntent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Reference;

/** Resources that are complete but for what a test takes away, and what is asserted of a refusal. */
final class Lifecycles {

    private Lifecycles() {}

    static FhirProblem problem(Runnable step) {
        try {
            step.run();
            return null;
        } catch (FhirProblem refused) {
            return refused;
        }
    }

    static FhirProblem refused(Runnable step) {
        FhirProblem problem = catchThrowableOfType(FhirProblem.class, step::run);
        assertThat(problem).as("refused").isNotNull();
        return problem;
    }

    static void assertIssue(FhirProblem problem, String expression, String text) {
        assertThat(problem.code()).isEqualTo(ProblemCode.RULE_VIOLATED);
        assertThat(problem.issues()).containsExactly(new FhirProblem.Issue(Optional.of(expression), text));
    }

    static CarePlan plan(CarePlanStatus status) {
        CarePlan plan = new CarePlan().setStatus(status).setIntent(CarePlanIntent.PLAN);
        plan.setSubject(new Reference("Patient/ada")).setAuthor(new Reference("Organization/general-hospital"));
        plan.addAddresses(new Reference("Condition/1")).addGoal(new Reference("Goal/g-1"));
        plan.addExtension(PlanVocabulary.STATUS_REASON, new CodeableConcept().setText("Because"));
        return plan;
    }

    static Goal goal(GoalLifecycleStatus status) {
        Goal goal = new Goal().setLifecycleStatus(status).setStatusReason("Because");
        goal.setId("g-1");
        return goal.setSubject(new Reference("Patient/ada"))
                .setAchievementStatus(GoalProgress.achievement("not-attainable"));
    }

    static Goal achieved() {
        return goal(GoalLifecycleStatus.ACTIVE).setAchievementStatus(GoalProgress.achievement("achieved"));
    }

    static CareTeam team(CareTeamStatus status) {
        CareTeam team = new CareTeam().setStatus(status).setSubject(new Reference("Patient/ada"));
        team.addManagingOrganization(new Reference("Organization/general-hospital"));
        team.addParticipant().setMember(new Reference("Patient/ada")).addRole().setText("Patient");
        return team;
    }
}
