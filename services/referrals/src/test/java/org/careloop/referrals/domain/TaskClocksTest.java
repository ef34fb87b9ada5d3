package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.referrals.domain.TaskClocks.Missed;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clocks of {@code rules/task-clocks.yaml}, in New York. */
class TaskClocksTest {

    private static final TaskClocks CLOCKS = TaskClocks.shipped();
    private static final Instant FRIDAY = Instant.parse("2026-11-13T15:00:00Z");
    private static final Coding HOME_HEALTH = new Coding("http://snomed.info/sct", "417511005", null);

    @ParameterizedTest
    @CsvSource({
        // Friday: over the weekend.
        "ROUTINE, 2026-11-13T15:00:00Z, 2026-11-17T22:00:00Z",
        "URGENT, 2026-11-13T15:00:00Z, 2026-11-16T22:00:00Z",
        // Saturday and Sunday.
        "ROUTINE, 2026-11-14T15:00:00Z, 2026-11-17T22:00:00Z",
        "URGENT, 2026-11-15T15:00:00Z, 2026-11-16T22:00:00Z",
        // Wednesday before Thanksgiving.
        "ROUTINE, 2026-11-25T15:00:00Z, 2026-11-30T22:00:00Z",
        "URGENT, 2026-11-25T15:00:00Z, 2026-11-27T22:00:00Z",
        // Late in the evening in New York it is the next day in Greenwich.
        "URGENT, 2026-11-17T04:30:00Z, 2026-11-17T22:00:00Z",
        // Friday before summer time begins: the day ends an hour earlier in Greenwich.
        "URGENT, 2026-03-06T15:00:00Z, 2026-03-09T21:00:00Z",
        // End of the year.
        "ROUTINE, 2026-12-31T15:00:00Z, 2027-01-05T22:00:00Z",
        // Hours count through nights and weekends.
        "ASAP, 2026-11-14T23:00:00Z, 2026-11-15T03:00:00Z",
        "STAT, 2026-11-14T23:30:00Z, 2026-11-15T00:30:00Z",
        // Routine without a priority.
        ", 2026-11-13T15:00:00Z, 2026-11-17T22:00:00Z"
    })
    void anAnswerIsDueInBusinessTime(TaskPriority priority, Instant asked, Instant expected) {
        assertThat(due(started(Tasks.referral(TaskStatus.REQUESTED).setPriority(priority), asked)))
                .containsEntry("accept-by", expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            requested   | accept-by
            draft       |
            accepted    | complete-by contact-by start-by
            in-progress | complete-by
            on-hold     | complete-by
            completed   |
            rejected    |
            cancelled   |
            failed      |
            """)
    void eachStatusHasItsClocks(String status, String expected) {
        Task task = started(Tasks.referral(Tasks.status(status).orElseThrow()), FRIDAY);
        assertThat(String.join(" ", due(task).keySet())).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ROUTINE, 2026-11-20T22:00:00Z",
        "URGENT, 2026-11-17T22:00:00Z",
        "ASAP, 2026-11-14T15:00:00Z",
        "STAT, 2026-11-13T23:00:00Z"
    })
    void workIsDueToBeginByPriority(TaskPriority priority, Instant expected) {
        assertThat(due(started(Tasks.referral(TaskStatus.ACCEPTED).setPriority(priority), FRIDAY)))
                .containsEntry("start-by", expected);
    }

    /** 42 CFR 484.55(a)(1): the initial visit within 48 hours of the referral, however long it took to accept it. */
    @Test
    void homeHealthBegins48HoursAfterItWasAsked() {
        // Given
        Task asked = started(homeHealth(TaskStatus.REQUESTED), FRIDAY);
        // When
        Task accepted = then(asked, homeHealth(TaskStatus.ACCEPTED), FRIDAY.plus(Duration.ofHours(20)));
        // Then
        Instant due = FRIDAY.plus(Duration.ofHours(48));
        assertThat(due(asked)).containsEntry("start-by", due);
        assertThat(due(accepted)).containsEntry("start-by", due);
    }

    @Test
    void nobodyIsTimedBeforeSomebodyIsAsked() {
        assertThat(due(started(Tasks.referral(TaskStatus.REQUESTED).setOwner(null), FRIDAY)))
                .isEmpty();
        assertThat(due(started(Tasks.offered(TaskStatus.REQUESTED, "Organization/a"), FRIDAY)))
                .containsOnlyKeys("accept-by");
    }

    @Test
    void aClockGoesOnWhileTheTaskIsEditedWhateverTheWriterSaysOfIt() {
        // Given
        Task asked = started(Tasks.referral(TaskStatus.REQUESTED), FRIDAY);
        Task edited = Tasks.referral(TaskStatus.REQUESTED);
        RunningClock.set(
                edited,
                List.of(new RunningClock(
                        ClockKind.ACCEPT_BY, Optional.of(FRIDAY.plus(Duration.ofDays(99))), Optional.empty())));
        // When
        Task next = then(asked, edited, FRIDAY.plus(Duration.ofDays(1)));
        // Then
        assertThat(RunningClock.of(next)).isEqualTo(RunningClock.of(asked));
    }

    @ParameterizedTest
    @CsvSource({
        "https://careloop.org/fhir/CodeSystem/referral-progress, contacted, false",
        "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS, 5.1.1, false",
        "https://careloop.org/fhir/CodeSystem/referral-progress, received, true"
    })
    void theBusinessStatusTellsThatThePersonWasContacted(String system, String code, boolean runs) {
        Task told = Tasks.referral(TaskStatus.ACCEPTED)
                .setBusinessStatus(new CodeableConcept(new Coding(system, code, null)));
        assertThat(due(started(told, FRIDAY)).containsKey("contact-by")).isEqualTo(runs);
    }

    @Test
    void whatIsAskedAtOnceIsAcknowledgedAtOnce() {
        Task told = Tasks.referral(TaskStatus.REQUESTED)
                .setPriority(TaskPriority.STAT)
                .setBusinessStatus(new CodeableConcept(
                        new Coding("https://careloop.org/fhir/CodeSystem/referral-progress", "received", null)));
        assertThat(due(started(Tasks.referral(TaskStatus.REQUESTED).setPriority(TaskPriority.STAT), FRIDAY)))
                .containsEntry("acknowledge-by", FRIDAY.plus(Duration.ofHours(1)));
        assertThat(due(started(told, FRIDAY))).doesNotContainKey("acknowledge-by");
    }

    @Test
    void theOwnerIsRemindedOnceThenItIsLateOnce() {
        // Given
        Task asked = started(Tasks.referral(TaskStatus.REQUESTED), FRIDAY);
        Instant reminder = Instant.parse("2026-11-16T22:00:00Z");
        Instant due = Instant.parse("2026-11-17T22:00:00Z");
        // Then
        assertThat(CLOCKS.look(asked, reminder.minusMillis(1))).isEmpty();
        // When
        TaskClocks.Look reminded = CLOCKS.look(asked, reminder).orElseThrow();
        // Then
        assertThat(reminded.reminded()).containsExactly(ClockKind.ACCEPT_BY);
        assertThat(reminded.missed()).isEmpty();
        assertThat(CLOCKS.look(reminded.task(), due.minusMillis(1))).isEmpty();
        // When
        TaskClocks.Look late = CLOCKS.look(reminded.task(), due).orElseThrow();
        // Then
        assertThat(late.reminded()).isEmpty();
        assertThat(late.missed()).isEqualTo(Map.of(ClockKind.ACCEPT_BY, Missed.RECALL));
        assertThat(CLOCKS.look(late.task(), due.plus(Duration.ofDays(99)))).isEmpty();
    }

    /** After an outage nobody is reminded of what is late already. */
    @Test
    void whatIsFoundLateIsNotRemindedOf() {
        Task asked = started(Tasks.referral(TaskStatus.REQUESTED), FRIDAY);
        TaskClocks.Look late =
                CLOCKS.look(asked, FRIDAY.plus(Duration.ofDays(9))).orElseThrow();
        assertThat(late.reminded()).isEmpty();
        assertThat(late.missed()).containsOnlyKeys(ClockKind.ACCEPT_BY);
    }

    @Test
    void clocksStandStillOnHoldAndStartAnew() {
        // Given
        Task asked = started(Tasks.referral(TaskStatus.REQUESTED), FRIDAY);
        // When
        Task paused = TaskClocks.paused(asked);
        Task edited = then(paused, Tasks.referral(TaskStatus.REQUESTED), FRIDAY.plus(Duration.ofDays(3)));
        // Then
        assertThat(CLOCKS.look(edited, FRIDAY.plus(Duration.ofDays(99)))).isEmpty();
        // When
        Task resumed = CLOCKS.resumed(edited, FRIDAY.plus(Duration.ofDays(7)));
        // Then
        assertThat(due(resumed)).containsEntry("accept-by", Instant.parse("2026-11-24T22:00:00Z"));
    }

    /** A late Task stays somebody's care until what it waits for has happened, or who asked has ended it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            requested   | accepted    | accept-by
            requested   | rejected    |
            requested   | cancelled   |
            accepted    | in-progress | contact-by start-by
            accepted    | completed   | complete-by contact-by start-by
            accepted    | on-hold     |
            accepted    | failed      |
            in-progress | completed   | complete-by
            in-progress | failed      |
            """)
    void whatHappensLateIsToldFromWhatIsStillMissing(String from, String to, String expected) {
        // Given
        Task began = started(Tasks.referral(Tasks.status(from).orElseThrow()), FRIDAY);
        Task late = CLOCKS.look(began, FRIDAY.plus(Duration.ofDays(99)))
                .orElseThrow()
                .task();
        Task next = then(late, Tasks.referral(Tasks.status(to).orElseThrow()), FRIDAY);
        // Then
        assertThat(String.join(" ", codes(TaskClocks.caughtUp(late, next, false))))
                .isEqualTo(expected == null ? "" : expected);
        assertThat(TaskClocks.caughtUp(began, next, true)).isEmpty();
        if (to.equals("cancelled")) {
            assertThat(TaskClocks.caughtUp(late, next, true))
                    .isEqualTo(Map.of(ClockKind.ACCEPT_BY, due(began).get("accept-by")));
        }
    }

    @Test
    void whatIsAskedForSoonerOrLaterIsDueSoonerOrLater() {
        // Given
        Task routine = started(Tasks.referral(TaskStatus.REQUESTED), FRIDAY);
        Instant monday = FRIDAY.plus(Duration.ofDays(3));
        // Then
        assertThat(due(then(routine, Tasks.referral(TaskStatus.REQUESTED).setPriority(TaskPriority.STAT), monday)))
                .containsEntry("accept-by", monday.plus(Duration.ofHours(1)))
                .containsEntry("acknowledge-by", monday.plus(Duration.ofHours(1)));
        // Given
        Task until = started(endingAt(Tasks.coordination(TaskStatus.READY), monday), FRIDAY);
        Task late = CLOCKS.look(until, monday).orElseThrow().task();
        // When
        Task extended =
                then(late, endingAt(Tasks.coordination(TaskStatus.READY), monday.plus(Duration.ofDays(7))), monday);
        // Then
        assertThat(due(extended)).containsEntry("complete-by", monday.plus(Duration.ofDays(7)));
        assertThat(CLOCKS.look(extended, monday.plus(Duration.ofDays(7)))).isPresent();
    }

    /** An agency that goes on to a code of its own has contacted the person all the same. */
    @Test
    void whatHasHappenedIsNotAskedForAgain() {
        // Given
        Task contacted = Tasks.referral(TaskStatus.ACCEPTED).setBusinessStatus(progress("contacted"));
        Task told = then(started(Tasks.referral(TaskStatus.ACCEPTED), FRIDAY), contacted, FRIDAY);
        // When
        Task next = then(
                told,
                Tasks.referral(TaskStatus.ACCEPTED)
                        .setBusinessStatus(new CodeableConcept(new Coding("urn:ours", "scheduling", null))),
                FRIDAY);
        // Then
        assertThat(due(next)).containsOnlyKeys("start-by", "complete-by");
    }

    /** The platform names the agency of a Task that was waiting for one. */
    @Test
    void aTaskThatWaitedIsTimedFromWhenItIsAsked() {
        // Given
        Task waiting = started(Tasks.referral(TaskStatus.REQUESTED).setOwner(null), FRIDAY);
        Task addressed = Tasks.referral(TaskStatus.REQUESTED);
        // When
        CLOCKS.set(Optional.of(waiting), addressed, true, FRIDAY.plus(Duration.ofDays(3)));
        // Then
        assertThat(due(addressed)).containsEntry("accept-by", Instant.parse("2026-11-18T22:00:00Z"));
    }

    @Test
    void whatIsToBeDoneInAPeriodIsDueAtItsEnd() {
        // Given
        Instant end = Instant.parse("2026-11-20T22:00:00Z");
        for (Task task : List.of(
                Tasks.referral(TaskStatus.ACCEPTED),
                Tasks.forPatient(TaskStatus.READY),
                Tasks.coordination(TaskStatus.READY))) {
            task.getRestriction().setPeriod(new Period().setEndElement(FhirTime.dateTime(end)));
            // Then
            assertThat(due(started(task, FRIDAY))).containsEntry("complete-by", end);
        }
        assertThat(due(started(Tasks.coordination(TaskStatus.READY), FRIDAY))).isEmpty();
    }

    @Test
    void theSupervisorIsToldOfWhatTheCoordinatorLeaves() {
        // Given
        Task told = started(
                CoordinationTask.late(Tasks.referral(TaskStatus.REQUESTED), ClockKind.ACCEPT_BY, FRIDAY, FRIDAY),
                FRIDAY);
        // When
        TaskClocks.Look late =
                CLOCKS.look(told, Instant.parse("2026-11-17T22:00:00Z")).orElseThrow();
        // Then
        assertThat(late.missed()).isEqualTo(Map.of(ClockKind.RESOLVE_BY, Missed.TELL_SUPERVISOR));
        assertThat(late.task().getPriority()).isEqualTo(TaskPriority.URGENT);
        assertThat(late.task().getPerformerTypeFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("supervisor");
    }

    @Test
    void whatIsMoreUrgentThanUrgentStaysSo() {
        Task told =
                started(endingAt(Tasks.coordination(TaskStatus.READY), FRIDAY).setPriority(TaskPriority.STAT), FRIDAY);
        assertThat(CLOCKS.look(told, FRIDAY).orElseThrow().task().getPriority()).isEqualTo(TaskPriority.STAT);
    }

    @Test
    void everyPriorityHasALimitForWhatEveryoneIsHeldTo() {
        for (TaskPriority priority : EnumSet.complementOf(EnumSet.of(TaskPriority.NULL))) {
            Set<String> clocks = Stream.of(TaskStatus.REQUESTED, TaskStatus.ACCEPTED)
                    .flatMap(status ->
                            due(started(Tasks.referral(status).setPriority(priority), FRIDAY)).keySet().stream())
                    .collect(Collectors.toSet());
            assertThat(clocks).as("%s", priority).contains("accept-by", "contact-by", "start-by", "complete-by");
        }
    }

    private static Task homeHealth(TaskStatus status) {
        return Tasks.referral(status).setReasonCode(new CodeableConcept(HOME_HEALTH.copy()));
    }

    private static Task started(Task task, Instant at) {
        CLOCKS.set(Optional.empty(), task, false, at);
        return task;
    }

    private static Task then(Task previous, Task next, Instant at) {
        CLOCKS.set(Optional.of(previous), next, false, at);
        return next;
    }

    private static Map<String, Instant> due(Task task) {
        Map<String, Instant> due = new TreeMap<>();
        RunningClock.of(task)
                .forEach(clock ->
                        clock.due().ifPresent(at -> due.put(clock.kind().code(), at)));
        return due;
    }

    private static List<String> codes(Map<ClockKind, Instant> clocks) {
        return clocks.keySet().stream().map(ClockKind::code).sorted().toList();
    }

    private static CodeableConcept progress(String code) {
        return new CodeableConcept(new Coding("https://careloop.org/fhir/CodeSystem/referral-progress", code, null));
    }

    private static Task endingAt(Task task, Instant end) {
        task.getRestriction().setPeriod(new Period().setEndElement(FhirTime.dateTime(end)));
        return task;
    }
}
