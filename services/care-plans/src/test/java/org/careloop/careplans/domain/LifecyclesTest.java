package org.careloop.careplans.domain;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityKind;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityStatus;
import org.hl7.fhir.r4.model.CarePlan.CarePlanIntent;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every status times every target times every actor, against tables written by hand; then each guard. */
class LifecyclesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        new              | draft active
        draft            | active revoked entered-in-error
        active           | on-hold revoked completed entered-in-error
        on-hold          | active revoked entered-in-error
        revoked          | entered-in-error
        completed        | entered-in-error
        entered-in-error |
        unknown          |
        """)
    void allowsKeepersOfPlanExactlyAndNobodyElse(String from, String targets) {
        // When, Then
        for (PlanActor actor : PlanActor.values()) {
            String allowed = allowed(
                    from,
                    CarePlanStatus.values(),
                    CarePlanStatus::toCode,
                    (previous, next) -> CarePlanLifecycle.check(
                            previous.map(LifecyclesTest::plan), plan(next), actor, List.of(achieved())));
            boolean keeps = actor == PlanActor.AUTHOR || actor == PlanActor.PLATFORM;
            assertThat(allowed).as(actor.name()).isEqualTo(keeps && targets != null ? targets : "");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        new              | proposed planned accepted active                              | proposed
        proposed         | planned accepted active cancelled entered-in-error rejected   | accepted rejected
        planned          | accepted active cancelled entered-in-error rejected           | accepted rejected
        accepted         | active cancelled entered-in-error                             |
        active           | on-hold completed cancelled entered-in-error                  |
        on-hold          | active completed cancelled entered-in-error                   |
        completed        | entered-in-error                                              |
        cancelled        | entered-in-error                                              |
        entered-in-error |                                                               |
        rejected         | entered-in-error                                              |
        """)
    void allowsOnGoalsExactly(String from, String byKeepers, String byPatient) {
        // When, Then
        for (PlanActor actor : PlanActor.values()) {
            String allowed = allowed(
                    from,
                    GoalLifecycleStatus.values(),
                    GoalLifecycleStatus::toCode,
                    (previous, next) -> GoalLifecycle.check(previous.map(LifecyclesTest::goal), goal(next), actor));
            String expected = switch (actor) {
                case AUTHOR, PLATFORM -> byKeepers;
                case PATIENT -> byPatient;
                case OTHER -> null;
            };
            assertThat(allowed).as(actor.name()).isEqualTo(expected == null ? "" : expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        new              | proposed active
        proposed         | active inactive entered-in-error
        active           | suspended inactive entered-in-error
        suspended        | active inactive entered-in-error
        inactive         | entered-in-error
        entered-in-error |
        """)
    void allowsKeepersOfTeamExactlyAndNobodyElse(String from, String targets) {
        // When, Then
        for (PlanActor actor : PlanActor.values()) {
            String allowed = allowed(
                    from,
                    CareTeamStatus.values(),
                    CareTeamStatus::toCode,
                    (previous, next) -> CareTeamLifecycle.check(previous.map(LifecyclesTest::team), team(next), actor));
            boolean keeps = actor == PlanActor.AUTHOR || actor == PlanActor.PLATFORM;
            assertThat(allowed).as(actor.name()).isEqualTo(keeps && targets != null ? targets : "");
        }
    }

    @Test
    void tellsWhatWouldBeAllowedFromHere() {
        // When
        FhirProblem problem = refused(() -> CarePlanLifecycle.check(
                Optional.of(plan(CarePlanStatus.ONHOLD)), plan(CarePlanStatus.COMPLETED), PlanActor.AUTHOR, List.of()));
        // Then
        assertIssue(
                problem,
                "CarePlan.status",
                "CarePlan.status: on-hold -> completed (expected: active, revoked or entered-in-error)");
    }

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

    @Test
    void refusesWhatHasNoStatus() {
        // When, Then
        assertThat(refused(() -> CarePlanLifecycle.check(Optional.empty(), plan(null), PlanActor.AUTHOR, List.of()))
                        .code())
                .isEqualTo(ProblemCode.INVALID_RESOURCE);
        assertThat(refused(() -> GoalLifecycle.check(Optional.empty(), goal(null), PlanActor.AUTHOR))
                        .code())
                .isEqualTo(ProblemCode.INVALID_RESOURCE);
        assertThat(refused(() -> CareTeamLifecycle.check(Optional.empty(), team(null), PlanActor.AUTHOR))
                        .code())
                .isEqualTo(ProblemCode.INVALID_RESOURCE);
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

    private static <S extends Enum<S>> String allowed(
            String from, S[] statuses, Function<S, String> codeOf, BiConsumer<Optional<S>, S> check) {
        Optional<S> start = Arrays.stream(statuses)
                .filter(status ->
                        !"NULL".equals(status.name()) && codeOf.apply(status).equals(from))
                .findFirst();
        assertThat(start.isPresent() || "new".equals(from)).isTrue();
        return Arrays.stream(statuses)
                .filter(status -> !"NULL".equals(status.name()) && !start.equals(Optional.of(status)))
                .filter(status -> problem(() -> check.accept(start, status)) == null)
                .map(codeOf)
                .collect(joining(" "));
    }

    private static void complete(CarePlan next, List<Goal> goals) {
        CarePlanLifecycle.check(Optional.of(plan(CarePlanStatus.ACTIVE)), next, PlanActor.AUTHOR, goals);
    }

    private static void edit(CarePlan plan, PlanActor actor) {
        CarePlanLifecycle.check(Optional.of(plan), plan.copy().setDescription("Note"), actor, List.of());
    }

    private static FhirProblem problem(Runnable step) {
        try {
            step.run();
            return null;
        } catch (FhirProblem refused) {
            return refused;
        }
    }

    private static FhirProblem refused(Runnable step) {
        FhirProblem problem = catchThrowableOfType(FhirProblem.class, step::run);
        assertThat(problem).as("refused").isNotNull();
        return problem;
    }

    private static void assertIssue(FhirProblem problem, String expression, String text) {
        assertThat(problem.code()).isEqualTo(ProblemCode.RULE_VIOLATED);
        assertThat(problem.issues()).containsExactly(new FhirProblem.Issue(Optional.of(expression), text));
    }

    private static CarePlan plan(CarePlanStatus status) {
        CarePlan plan = new CarePlan().setStatus(status).setIntent(CarePlanIntent.PLAN);
        plan.setSubject(new Reference("Patient/ada")).setAuthor(new Reference("Organization/general-hospital"));
        plan.addAddresses(new Reference("Condition/1")).addGoal(new Reference("Goal/g-1"));
        plan.addExtension(PlanVocabulary.STATUS_REASON, new CodeableConcept().setText("Because"));
        return plan;
    }

    private static Goal goal(GoalLifecycleStatus status) {
        Goal goal = new Goal().setLifecycleStatus(status).setStatusReason("Because");
        goal.setId("g-1");
        return goal.setSubject(new Reference("Patient/ada"))
                .setAchievementStatus(GoalProgress.achievement("not-attainable"));
    }

    private static Goal achieved() {
        return goal(GoalLifecycleStatus.ACTIVE).setAchievementStatus(GoalProgress.achievement("achieved"));
    }

    private static CareTeam team(CareTeamStatus status) {
        CareTeam team = new CareTeam().setStatus(status).setSubject(new Reference("Patient/ada"));
        team.addManagingOrganization(new Reference("Organization/general-hospital"));
        team.addParticipant().setMember(new Reference("Patient/ada")).addRole().setText("Patient");
        return team;
    }
}
