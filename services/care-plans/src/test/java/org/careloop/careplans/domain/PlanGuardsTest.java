package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.careloop.careplans.domain.Lifecycles.achieved;
import static org.careloop.careplans.domain.Lifecycles.assertIssue;
import static org.careloop.careplans.domain.Lifecycles.goal;
import static org.careloop.careplans.domain.Lifecycles.plan;
import static org.careloop.careplans.domain.Lifecycles.problem;
import static org.careloop.careplans.domain.Lifecycles.refused;
import static org.careloop.careplans.domain.Lifecycles.team;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityKind;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.CarePlan.CarePlanIntent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a status of a CarePlan needs, what of it never changes, and who may change it. */
class PlanGuardsTest {

    @Test
    void refusesActivePlanWithoutAddressesOrGoal() {
        // Given
        CarePlan aimless = plan(CarePlanStatus.ACTIVE).setGoal(null);
        CarePlan baseless = plan(CarePlanStatus.ACTIVE).setAddresses(null);
        Optional<CarePlan> draft = Optional.of(plan(CarePlanStatus.DRAFT));
        // When
        FhirProblem noGoal = refused(() -> CarePlanLifecycle.check(draft, aimless, PlanActor.AUTHOR, List.of()));
        FhirProblem noReason = refused(() -> CarePlanLifecycle.check(draft, baseless, PlanActor.AUTHOR, List.of()));
        // Then
        assertIssue(noGoal, "CarePlan.goal", "CarePlan.goal: missing on active (expected: at least one goal)");
        assertIssue(
                noReason,
                "CarePlan.addresses",
                "CarePlan.addresses: missing on active (expected: the conditions that the plan is for)");
    }

    @Test
    void takesDraftWithoutAddressesOrGoal() {
        // Given
        CarePlan draft = plan(CarePlanStatus.DRAFT).setGoal(null).setAddresses(null);
        // When, Then
        assertThatCode(() -> CarePlanLifecycle.check(Optional.empty(), draft, PlanActor.AUTHOR, List.of()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(names = {"REVOKED", "ENTEREDINERROR"})
    void refusesToGiveUpPlanWithoutReason(CarePlanStatus status) {
        // Given
        CarePlan next = plan(status);
        next.getExtension().clear();
        // When
        FhirProblem problem = refused(() ->
                CarePlanLifecycle.check(Optional.of(plan(CarePlanStatus.ACTIVE)), next, PlanActor.AUTHOR, List.of()));
        // Then
        assertIssue(
                problem,
                "CarePlan.extension",
                "CarePlan.extension: no reason for " + status.toCode() + " (expected: "
                        + "http://hl7.org/fhir/StructureDefinition/request-statusReason with text or coding)");
    }

    @ParameterizedTest
    @CsvSource({
        "active, achieved, true",
        "active, sustaining, true",
        "cancelled, in-progress, true",
        "rejected, in-progress, true",
        "completed, not-achieved, true",
        "entered-in-error, in-progress, true",
        "active, in-progress, false",
        "active, improving, false",
        "on-hold, in-progress, false",
    })
    void completesPlanOnlyWhenGoalsAreSettled(String lifecycle, String achievement, boolean completes) {
        // Given
        Goal goal = goal(GoalLifecycleStatus.fromCode(lifecycle));
        goal.setAchievementStatus(GoalProgress.achievement(achievement));
        // When
        FhirProblem problem = problem(() -> complete(plan(CarePlanStatus.COMPLETED), List.of(goal)));
        // Then
        assertThat(problem == null).isEqualTo(completes);
        if (problem != null) {
            assertIssue(
                    problem,
                    "CarePlan.goal",
                    "CarePlan.goal: open on completed (expected: every goal achieved, completed or cancelled)");
        }
    }

    @Test
    void refusesToCompletePlanWhoseGoalIsNotAtHand() {
        // When
        FhirProblem problem = refused(() -> complete(plan(CarePlanStatus.COMPLETED), List.of()));
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("CarePlan.goal");
    }

    @ParameterizedTest
    @EnumSource(
            value = CarePlanActivityStatus.class,
            names = {"NOTSTARTED", "SCHEDULED", "INPROGRESS", "ONHOLD", "COMPLETED", "CANCELLED", "STOPPED"})
    void completesPlanOnlyWithoutOpenActivity(CarePlanActivityStatus status) {
        // Given
        CarePlan plan = plan(CarePlanStatus.COMPLETED);
        plan.addActivity().getDetail().setKind(CarePlanActivityKind.TASK).setStatus(status);
        boolean isDone = Set.of("completed", "cancelled", "stopped").contains(status.toCode());
        // When
        FhirProblem problem = problem(() -> complete(plan, List.of(achieved())));
        // Then
        assertThat(problem == null).isEqualTo(isDone);
        if (problem != null) {
            assertIssue(
                    problem,
                    "CarePlan.activity",
                    "CarePlan.activity: open on completed (expected: every activity ended)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Task/1=completed, false",
        "Task/1=cancelled, false",
        "Task/1=in-progress, true",
        "Task/1=rejected Task/2=requested, true",
        "Task/1=rejected Task/2=completed, false",
        "ServiceRequest/1=active, true",
        "ServiceRequest/1=revoked, false",
        "ServiceRequest/1=active Task/1=completed, false",
    })
    void countsActivityAsOpenByItsTasks(String progress, boolean isOpen) {
        // Given
        CarePlan plan = plan(CarePlanStatus.COMPLETED);
        var activity = plan.addActivity().setReference(new Reference("ServiceRequest/1"));
        for (String source : progress.split(" ")) {
            var extension = activity.addExtension().setUrl(PlanVocabulary.ACTIVITY_PROGRESS);
            extension.addExtension("source", new Reference(source.split("=")[0]));
            extension.addExtension("status", new CodeType(source.split("=")[1]));
        }
        // When
        FhirProblem problem = problem(() -> complete(plan, List.of(achieved())));
        // Then
        assertThat(problem != null).isEqualTo(isOpen);
    }

    @Test
    void refusesChangeOfSubjectIntentOrAuthor() {
        // Given
        Optional<CarePlan> stored = Optional.of(plan(CarePlanStatus.ACTIVE));
        CarePlan subject = plan(CarePlanStatus.ACTIVE).setSubject(new Reference("Patient/eve"));
        CarePlan intent = plan(CarePlanStatus.ACTIVE).setIntent(CarePlanIntent.ORDER);
        CarePlan author = plan(CarePlanStatus.ACTIVE).setAuthor(new Reference("Organization/x"));
        // When, Then
        assertIssue(
                refused(() -> CarePlanLifecycle.check(stored, subject, PlanActor.AUTHOR, List.of())),
                "CarePlan.subject",
                "CarePlan.subject: changed (expected: as it was when it was made)");
        assertThat(refused(() -> CarePlanLifecycle.check(stored, intent, PlanActor.AUTHOR, List.of()))
                        .issues()
                        .getFirst()
                        .expression())
                .contains("CarePlan.intent");
        assertThat(refused(() -> CarePlanLifecycle.check(stored, author, PlanActor.AUTHOR, List.of()))
                        .issues()
                        .getFirst()
                        .expression())
                .contains("CarePlan.author");
    }

    @Test
    void letsOnlyKeepersEditAndOnlyPlatformAfterTheEnd() {
        // Given
        CarePlan active = plan(CarePlanStatus.ACTIVE);
        CarePlan completed = plan(CarePlanStatus.COMPLETED);
        // When, Then
        assertThat(problem(() -> edit(active, PlanActor.AUTHOR))).isNull();
        assertThat(problem(() -> edit(active, PlanActor.PLATFORM))).isNull();
        assertThat(problem(() -> edit(completed, PlanActor.PLATFORM))).isNull();
        assertIssue(
                refused(() -> edit(active, PlanActor.PATIENT)),
                "CarePlan",
                "CarePlan: changed by another than its author (expected: no change)");
        assertIssue(
                refused(() -> edit(completed, PlanActor.AUTHOR)),
                "CarePlan",
                "CarePlan: changed after its end (expected: no change)");
    }

    @Test
    void knowsKeeperPatientAndStranger() {
        // Given
        CarePlan plan = plan(CarePlanStatus.ACTIVE);
        plan.addContributor(new Reference("Organization/riverside-clinic"));
        CareTeam team = team(CareTeamStatus.ACTIVE);
        // When, Then
        assertThat(PlanActor.on(plan, Set.of("Organization/general-hospital"), false))
                .isEqualTo(PlanActor.AUTHOR);
        assertThat(PlanActor.on(plan, Set.of("Organization/riverside-clinic"), false))
                .isEqualTo(PlanActor.AUTHOR);
        assertThat(PlanActor.on(plan, Set.of("Patient/ada"), false)).isEqualTo(PlanActor.PATIENT);
        assertThat(PlanActor.on(plan, Set.of("Organization/x"), false)).isEqualTo(PlanActor.OTHER);
        assertThat(PlanActor.on(plan, Set.of(), true)).isEqualTo(PlanActor.PLATFORM);
        assertThat(PlanActor.on(team, Set.of("Organization/general-hospital"), false))
                .isEqualTo(PlanActor.AUTHOR);
        assertThat(PlanActor.on(team, Set.of("Organization/x"), false)).isEqualTo(PlanActor.OTHER);
        assertThat(PlanActor.on(new CarePlan(), Set.of(), false)).isEqualTo(PlanActor.OTHER);
    }

    private static void complete(CarePlan next, List<Goal> goals) {
        CarePlanLifecycle.check(Optional.of(plan(CarePlanStatus.ACTIVE)), next, PlanActor.AUTHOR, goals);
    }

    private static void edit(CarePlan plan, PlanActor actor) {
        CarePlanLifecycle.check(Optional.of(plan), plan.copy().setDescription("Note"), actor, List.of());
    }
}
