package org.careloop.careplans.domain;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.careplans.domain.Lifecycles.achieved;
import static org.careloop.careplans.domain.Lifecycles.assertIssue;
import static org.careloop.careplans.domain.Lifecycles.goal;
import static org.careloop.careplans.domain.Lifecycles.plan;
import static org.careloop.careplans.domain.Lifecycles.problem;
import static org.careloop.careplans.domain.Lifecycles.refused;
import static org.careloop.careplans.domain.Lifecycles.team;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CareTeam.CareTeamStatus;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every status times every target times every actor, against tables written by hand. */
class LifecycleTablesTest {

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
                            previous.map(Lifecycles::plan), plan(next), actor, List.of(achieved())));
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
                    (previous, next) -> GoalLifecycle.check(previous.map(Lifecycles::goal), goal(next), actor));
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
                    (previous, next) -> CareTeamLifecycle.check(previous.map(Lifecycles::team), team(next), actor));
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
}
