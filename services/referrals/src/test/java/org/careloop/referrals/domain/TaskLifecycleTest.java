package org.careloop.referrals.domain;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every status times every target times every actor, against a table written by hand.
 *
 * @see <a href="https://hl7.org/fhir/us/sdoh-clinicalcare/checking_task_status.html">SDOHCC Task status</a>
 */
class TaskLifecycleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        new              | REQUESTER            | draft requested
        new              | TARGET               |
        new              | REQUESTER_AND_TARGET | requested
        new              | CLAIMER              |
        new              | PLATFORM             | draft requested
        new              | OTHER                |
        draft            | REQUESTER            | requested entered-in-error
        draft            | TARGET               |
        draft            | REQUESTER_AND_TARGET | requested entered-in-error
        draft            | CLAIMER              |
        draft            | PLATFORM             | requested entered-in-error
        draft            | OTHER                |
        requested        | REQUESTER            | cancelled entered-in-error
        requested        | TARGET               | accepted rejected cancelled
        requested        | REQUESTER_AND_TARGET | accepted rejected cancelled entered-in-error
        requested        | CLAIMER              | accepted
        requested        | PLATFORM             | cancelled entered-in-error
        requested        | OTHER                |
        received         | REQUESTER            |
        received         | TARGET               |
        received         | REQUESTER_AND_TARGET |
        received         | CLAIMER              |
        received         | PLATFORM             |
        received         | OTHER                |
        accepted         | REQUESTER            | cancelled entered-in-error
        accepted         | TARGET               | cancelled in-progress on-hold failed completed
        accepted         | REQUESTER_AND_TARGET | cancelled in-progress on-hold failed completed entered-in-error
        accepted         | CLAIMER              |
        accepted         | PLATFORM             | cancelled entered-in-error
        accepted         | OTHER                |
        rejected         | REQUESTER            | entered-in-error
        rejected         | TARGET               |
        rejected         | REQUESTER_AND_TARGET | entered-in-error
        rejected         | CLAIMER              |
        rejected         | PLATFORM             | entered-in-error
        rejected         | OTHER                |
        ready            | REQUESTER            |
        ready            | TARGET               |
        ready            | REQUESTER_AND_TARGET |
        ready            | CLAIMER              |
        ready            | PLATFORM             |
        ready            | OTHER                |
        cancelled        | REQUESTER            | entered-in-error
        cancelled        | TARGET               |
        cancelled        | REQUESTER_AND_TARGET | entered-in-error
        cancelled        | CLAIMER              |
        cancelled        | PLATFORM             | entered-in-error
        cancelled        | OTHER                |
        in-progress      | REQUESTER            | cancelled entered-in-error
        in-progress      | TARGET               | cancelled on-hold failed completed
        in-progress      | REQUESTER_AND_TARGET | cancelled on-hold failed completed entered-in-error
        in-progress      | CLAIMER              |
        in-progress      | PLATFORM             | cancelled entered-in-error
        in-progress      | OTHER                |
        on-hold          | REQUESTER            | cancelled entered-in-error
        on-hold          | TARGET               | cancelled in-progress failed completed
        on-hold          | REQUESTER_AND_TARGET | cancelled in-progress failed completed entered-in-error
        on-hold          | CLAIMER              |
        on-hold          | PLATFORM             | cancelled entered-in-error
        on-hold          | OTHER                |
        failed           | REQUESTER            | entered-in-error
        failed           | TARGET               |
        failed           | REQUESTER_AND_TARGET | entered-in-error
        failed           | CLAIMER              |
        failed           | PLATFORM             | entered-in-error
        failed           | OTHER                |
        completed        | REQUESTER            | entered-in-error
        completed        | TARGET               |
        completed        | REQUESTER_AND_TARGET | entered-in-error
        completed        | CLAIMER              |
        completed        | PLATFORM             | entered-in-error
        completed        | OTHER                |
        entered-in-error | REQUESTER            |
        entered-in-error | TARGET               |
        entered-in-error | REQUESTER_AND_TARGET |
        entered-in-error | CLAIMER              |
        entered-in-error | PLATFORM             |
        entered-in-error | OTHER                |
        """)
    void allowsOnReferralsExactly(String from, Actor actor, String targets) {
        // When
        String allowed = allowed(Tasks::referral, from, actor);
        // Then
        assertThat(allowed).isEqualTo(targets == null ? "" : targets);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        new              | draft ready                | | draft ready
        draft            | ready entered-in-error     | | ready entered-in-error
        requested        |                            | |
        received         |                            | |
        accepted         |                            | |
        rejected         |                            | |
        ready            | cancelled entered-in-error | cancelled in-progress on-hold failed completed | cancelled in-progress on-hold failed completed entered-in-error
        in-progress      | cancelled entered-in-error | cancelled on-hold failed completed | cancelled on-hold failed completed entered-in-error
        on-hold          | cancelled entered-in-error | cancelled in-progress failed completed | cancelled in-progress failed completed entered-in-error
        cancelled        | entered-in-error           | | entered-in-error
        failed           | entered-in-error           | | entered-in-error
        completed        | entered-in-error           | | entered-in-error
        entered-in-error |                            | |
        """)
    void allowsOnOtherTasksExactly(String from, String byRequester, String byTarget, String byBoth) {
        for (Function<TaskStatus, Task> kind :
                List.<Function<TaskStatus, Task>>of(Tasks::forPatient, Tasks::coordination)) {
            // When
            String requester = allowed(kind, from, Actor.REQUESTER);
            String platform = allowed(kind, from, Actor.PLATFORM);
            String target = allowed(kind, from, Actor.TARGET);
            String both = allowed(kind, from, Actor.REQUESTER_AND_TARGET);
            String strangers = allowed(kind, from, Actor.OTHER) + allowed(kind, from, Actor.CLAIMER);
            // Then
            assertThat(requester).isEqualTo(byRequester == null ? "" : byRequester);
            assertThat(platform).isEqualTo(byRequester == null ? "" : byRequester);
            assertThat(target).isEqualTo(byTarget == null ? "" : byTarget);
            assertThat(both).isEqualTo(byBoth == null ? "" : byBoth);
            assertThat(strangers).isEmpty();
        }
    }

    /** Tries each status but the one it has; a claimer finds the Task without an owner and becomes it. */
    private static String allowed(Function<TaskStatus, Task> kind, String from, Actor actor) {
        Optional<TaskStatus> start = Tasks.status(from);
        return Arrays.stream(TaskStatus.values())
                .filter(status -> status != TaskStatus.NULL && !start.equals(Optional.of(status)))
                .filter(status -> {
                    Task next = Tasks.withReasonAndOutput(kind.apply(status));
                    Optional<Task> previous = start.map(kind).map(Tasks::withReasonAndOutput);
                    if (actor == Actor.CLAIMER) {
                        previous.ifPresent(task -> task.setOwner(new Reference()));
                    }
                    return passes(previous, next, actor);
                })
                .map(TaskStatus::toCode)
                .collect(joining(" "));
    }

    private static boolean passes(Optional<Task> previous, Task next, Actor actor) {
        try {
            TaskLifecycle.check(previous, next, actor);
            return true;
        } catch (FhirProblem refused) {
            return false;
        }
    }
}
