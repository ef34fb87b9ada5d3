package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a status needs, what a Task needs, and what of it never changes. */
class TaskGuardsTest {

    @Test
    void tellsWhatWouldBeAllowedFromHere() {
        // When
        FhirProblem problem = refused(
                Tasks.referral(TaskStatus.REQUESTED),
                Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.COMPLETED)),
                Actor.TARGET);
        // Then
        assertIssue(
                problem,
                "Task.status",
                "Task.status: requested -> completed (expected: accepted, rejected or cancelled)");
    }

    @Test
    void tellsThatNothingIsAllowed() {
        // When
        FhirProblem problem = refused(
                Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.COMPLETED)),
                Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.INPROGRESS)),
                Actor.TARGET);
        // Then
        assertIssue(problem, "Task.status", "Task.status: completed -> in-progress (expected: no change)");
    }

    @Test
    void refusesTaskWithoutStatus() {
        // When
        FhirProblem problem = refused(Optional.empty(), Tasks.referral(null), Actor.REQUESTER);
        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_RESOURCE);
        assertThat(problem.issues().getFirst().expression()).contains("Task.status");
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "CANCELLED"})
    void refusesToEndReferralWithoutReason(TaskStatus status) {
        // When
        FhirProblem problem = refused(Tasks.referral(TaskStatus.REQUESTED), Tasks.referral(status), Actor.TARGET);
        // Then
        assertIssue(
                problem,
                "Task.statusReason.text",
                "Task.statusReason.text: missing on " + status.toCode() + " (expected: why)");
    }

    @ParameterizedTest
    @EnumSource(names = {"ONHOLD", "FAILED", "CANCELLED"})
    void refusesToStopAnyWorkWithoutReasonInWords(TaskStatus status) {
        // Given a reason that is coded but has no words
        Task next = Tasks.coordination(status);
        next.getStatusReason().addCoding().setSystem("urn:x").setCode("y");
        // When
        FhirProblem problem = refused(Tasks.coordination(TaskStatus.INPROGRESS), next, Actor.TARGET);
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Task.statusReason.text");
    }

    @Test
    void refusesCompletionWithoutOutput() {
        // When
        FhirProblem problem =
                refused(Tasks.referral(TaskStatus.INPROGRESS), Tasks.referral(TaskStatus.COMPLETED), Actor.TARGET);
        // Then
        assertIssue(
                problem,
                "Task.output",
                "Task.output: missing on completed (expected: at least one output, or a statusReason coded in "
                        + "https://careloop.org/fhir/CodeSystem/no-output-reason)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"documented-elsewhere", "nothing-to-report", "person-declined", "service-not-needed"})
    void completesWithoutOutputForCodedReason(String reason) {
        // Given
        Task next = Tasks.referral(TaskStatus.COMPLETED)
                .setStatusReason(new CodeableConcept(new Coding(TaskLifecycle.NO_OUTPUT_REASON_SYSTEM, reason, null)));
        // When, Then
        assertPasses(Tasks.referral(TaskStatus.INPROGRESS), next, Actor.TARGET);
    }

    @ParameterizedTest
    @MethodSource
    void refusesReasonForNoOutputThatIsNotOne(Coding coding) {
        // Given
        Task next = Tasks.referral(TaskStatus.COMPLETED).setStatusReason(new CodeableConcept(coding));
        // When
        FhirProblem problem = refused(Tasks.referral(TaskStatus.INPROGRESS), next, Actor.TARGET);
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Task.output");
    }

    static List<Coding> refusesReasonForNoOutputThatIsNotOne() {
        return List.of(
                new Coding("urn:other", "nothing-to-report", null),
                new Coding(TaskLifecycle.NO_OUTPUT_REASON_SYSTEM, "no-time", null));
    }

    @Test
    void completesPatientTaskWithoutOutput() {
        // When, Then
        assertPasses(Tasks.forPatient(TaskStatus.READY), Tasks.forPatient(TaskStatus.COMPLETED), Actor.TARGET);
    }

    @Test
    void refusesCoordinationCompletedWithoutOutput() {
        // When
        FhirProblem problem =
                refused(Tasks.coordination(TaskStatus.READY), Tasks.coordination(TaskStatus.COMPLETED), Actor.TARGET);
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Task.output");
    }

    @ParameterizedTest
    @ValueSource(strings = {"requester", "basedOn", "partOf", "for", "focus", "intent", "code", "authoredOn"})
    void refusesChangeOfImmutable(String element) {
        // Given
        Task next = Tasks.referral(TaskStatus.REQUESTED);
        changes().get(element).accept(next);
        // When
        FhirProblem problem = refused(Tasks.referral(TaskStatus.REQUESTED), next, Actor.REQUESTER);
        // Then
        assertIssue(
                problem,
                "Task." + element,
                "Task." + element + ": changed (expected: as it was when the Task was made)");
    }

    private static Map<String, Consumer<Task>> changes() {
        return Map.of(
                "requester", task -> task.setRequester(new Reference("Organization/x")),
                "basedOn", task -> task.addBasedOn(new Reference("CarePlan/x")),
                "partOf", task -> task.setPartOf(List.of()),
                "for", task -> task.setFor(new Reference("Patient/x")),
                "focus", task -> task.setFocus(new Reference("ServiceRequest/x")),
                "intent", task -> task.setIntent(TaskIntent.PLAN),
                "code", task -> task.getCode().setText("x"),
                "authoredOn", task -> task.setAuthoredOnElement(FhirTime.dateTime(Instant.EPOCH)));
    }

    @Test
    void refusesChangeOfPlanActivityButTakesIdentifierOfAgency() {
        // Given
        Task moved = Tasks.referral(TaskStatus.REQUESTED);
        moved.getIdentifierFirstRep().setValue("plan-2#outreach");
        Task numbered = Tasks.referral(TaskStatus.REQUESTED);
        numbered.addIdentifier().setSystem("urn:agency").setValue("4711");
        // When
        FhirProblem problem = refused(Tasks.referral(TaskStatus.REQUESTED), moved, Actor.TARGET);
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Task.identifier");
        assertPasses(Tasks.referral(TaskStatus.REQUESTED), numbered, Actor.TARGET);
    }

    @ParameterizedTest
    @EnumSource(
            value = Actor.class,
            names = {"REQUESTER", "TARGET", "REQUESTER_AND_TARGET", "PLATFORM"})
    void refusesChangeOfOwner(Actor actor) {
        // Given
        Task next = Tasks.referral(TaskStatus.REQUESTED).setOwner(new Reference("Organization/safe-rides"));
        // When
        FhirProblem problem = refused(Tasks.referral(TaskStatus.REQUESTED), next, actor);
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Task.owner");
    }

    @Test
    void takesOwnerWithClaimAndOnlyOnce() {
        // Given
        Task open = Tasks.referral(TaskStatus.REQUESTED).setOwner(null);
        Task claimed = Tasks.referral(TaskStatus.ACCEPTED);
        Task onlyNamed = Tasks.referral(TaskStatus.REQUESTED);
        // When
        FhirProblem problem = refused(open, onlyNamed, Actor.CLAIMER);
        FhirProblem byRequester = refused(open, onlyNamed, Actor.REQUESTER);
        // Then
        assertPasses(open, claimed, Actor.CLAIMER);
        assertThat(problem.issues().getFirst().expression()).contains("Task.owner");
        assertThat(byRequester.issues().getFirst().expression()).contains("Task.owner");
    }

    @Test
    void takesAgencyChosenByPlatformUntilTaskIsAccepted() {
        // Given
        Task open = Tasks.referral(TaskStatus.REQUESTED).setOwner(null);
        Task accepted = Tasks.referral(TaskStatus.ACCEPTED).setOwner(null);
        // When
        FhirProblem late = refused(accepted, Tasks.referral(TaskStatus.ACCEPTED), Actor.PLATFORM);
        // Then
        assertPasses(open, Tasks.referral(TaskStatus.REQUESTED), Actor.PLATFORM);
        assertThat(late.issues().getFirst().expression()).contains("Task.owner");
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "CANCELLED", "FAILED", "COMPLETED"})
    void takesLateOutputFromOwnerOnly(TaskStatus end) {
        // Given
        Task ended = Tasks.withReasonAndOutput(Tasks.referral(end));
        Task later = ended.copy();
        later.addOutput().setType(new CodeableConcept().setText("Report")).setValue(new Reference("Observation/o"));
        later.setLastModifiedElement(FhirTime.dateTime(Tasks.ASKED.plusSeconds(60)));
        // When
        FhirProblem byRequester = refused(ended, later, Actor.REQUESTER);
        // Then
        assertPasses(ended, later, Actor.TARGET);
        assertIssue(
                byRequester,
                "Task",
                "Task: changed after it was " + end.toCode() + " (expected: only outputs added by its owner)");
    }

    @ParameterizedTest
    @MethodSource
    void refusesOtherChangesAfterEnd(Consumer<Task> change) {
        // Given
        Task ended = Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.COMPLETED));
        Task later = ended.copy();
        change.accept(later);
        // When
        FhirProblem problem = refused(ended, later, Actor.TARGET);
        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.RULE_VIOLATED);
    }

    static Stream<Consumer<Task>> refusesOtherChangesAfterEnd() {
        return Stream.of(
                task -> task.setDescription("Something else"),
                task -> task.setOutput(List.of()),
                task -> task.getOutputFirstRep().setValue(new Reference("Procedure/other")),
                task -> task.getStatusReason().setText("Another reason"));
    }

    @Test
    void refusesOutputOfTaskEnteredInError() {
        // Given
        Task mistake = Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.ENTEREDINERROR));
        Task later = Tasks.withReasonAndOutput(mistake.copy());
        // When
        FhirProblem problem = refused(mistake, later, Actor.TARGET);
        // Then
        assertIssue(problem, "Task", "Task: changed after it was entered-in-error (expected: no change)");
    }

    @Test
    void refusesAnyChangeByStrangers() {
        // Given
        Task next = Tasks.referral(TaskStatus.ACCEPTED).setDescription("Mine");
        // When
        FhirProblem problem = refused(Tasks.referral(TaskStatus.ACCEPTED), next, Actor.OTHER);
        // Then
        assertIssue(problem, "Task", "Task: changed by neither its requester nor its owner (expected: no change)");
    }

    @Test
    void takesNotesOfOwnerWhileWorkGoesOn() {
        // Given
        Task next = Tasks.referral(TaskStatus.ACCEPTED);
        next.addNote().setText("Called twice");
        // When, Then
        assertPasses(Tasks.referral(TaskStatus.ACCEPTED), next, Actor.TARGET);
    }

    @Test
    void letsPatientChangeOnlyProgress() {
        // Given
        Task ready = Tasks.forPatient(TaskStatus.READY);
        Task done = Tasks.withReasonAndOutput(Tasks.forPatient(TaskStatus.COMPLETED));
        Task rewritten = Tasks.forPatient(TaskStatus.COMPLETED).setDescription("Something else");
        // When
        FhirProblem problem = refused(ready, rewritten, Actor.TARGET);
        // Then
        assertPasses(ready, done, Actor.TARGET);
        assertIssue(
                problem,
                "Task",
                "Task: changed by the patient (expected: only status, statusReason and output change)");
    }

    @ParameterizedTest
    @MethodSource
    void refusesNewReferralThatLacks(String element, Consumer<Task> remove) {
        // Given
        Task task = Tasks.referral(TaskStatus.REQUESTED);
        task.getMeta().addProfile(TaskMachine.REFERRAL_PROFILE);
        remove.accept(task);
        // When
        FhirProblem problem = refused(Optional.empty(), task, Actor.PLATFORM);
        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_RESOURCE);
        assertThat(problem.issues().getLast().expression()).contains("Task." + element);
    }

    static Stream<Arguments> refusesNewReferralThatLacks() {
        return Stream.of(
                lack("code.coding", task -> task.setCode(null)),
                lack("code.coding", task -> task.setCode(new CodeableConcept().setText("Please do"))),
                lack("for", task -> task.setFor(null)),
                lack("requester", task -> task.setRequester(null)),
                lack("authoredOn", task -> task.setAuthoredOnElement(null)),
                lack("focus", task -> task.setFocus(null)),
                lack("intent", task -> task.setIntent(TaskIntent.PROPOSAL)));
    }

    private static Arguments lack(String element, Consumer<Task> remove) {
        return Arguments.of(element, remove);
    }

    @Test
    void takesNewReferralWithoutOwner() {
        // When, Then
        assertThatCode(() -> TaskLifecycle.check(
                        Optional.empty(), Tasks.referral(TaskStatus.REQUESTED).setOwner(null), Actor.REQUESTER))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesPatientTaskWithoutKnownPriority() {
        // Given
        Task task = Tasks.forPatient(TaskStatus.READY).setPriority(TaskPriority.STAT);
        // When
        FhirProblem problem = refused(Optional.empty(), task, Actor.REQUESTER);
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Task.priority");
    }

    @Test
    void refusesCoordinationTaskWithoutOwner() {
        // When
        FhirProblem problem =
                refused(Optional.empty(), Tasks.coordination(TaskStatus.READY).setOwner(null), Actor.REQUESTER);
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Task.owner");
    }

    @Test
    void holdsTaskToReferralRulesByProfileCodeOrFocus() {
        // Given
        Task byProfile = Tasks.coordination(TaskStatus.READY);
        byProfile.getMeta().addProfile(TaskMachine.REFERRAL_PROFILE);
        Task byCode = Tasks.coordination(TaskStatus.READY);
        byCode.getCode()
                .addCoding()
                .setSystem("http://hl7.org/fhir/CodeSystem/task-code")
                .setCode("fulfill");
        Task byFocus = Tasks.coordination(TaskStatus.READY).setFocus(new Reference("ServiceRequest/1"));
        Task byAbsoluteFocus =
                Tasks.coordination(TaskStatus.READY).setFocus(new Reference("https://a.org/fhir/ServiceRequest/1"));
        // When, Then
        for (Task task : List.of(byProfile, byCode, byFocus, byAbsoluteFocus)) {
            assertIssue(
                    refused(Optional.empty(), task, Actor.REQUESTER),
                    "Task.status",
                    "Task.status: new -> ready (expected: draft or requested)");
        }
    }

    private static FhirProblem refused(Task previous, Task next, Actor actor) {
        return refused(Optional.of(previous), next, actor);
    }

    private static FhirProblem refused(Optional<Task> previous, Task next, Actor actor) {
        FhirProblem problem = catchThrowableOfType(FhirProblem.class, () -> TaskLifecycle.check(previous, next, actor));
        assertThat(problem).as("refused").isNotNull();
        return problem;
    }

    private static void assertPasses(Task previous, Task next, Actor actor) {
        assertThatCode(() -> TaskLifecycle.check(Optional.of(previous), next, actor))
                .doesNotThrowAnyException();
    }

    private static void assertIssue(FhirProblem problem, String expression, String text) {
        assertThat(problem.code()).isEqualTo(ProblemCode.RULE_VIOLATED);
        assertThat(problem.issues()).containsExactly(new FhirProblem.Issue(Optional.of(expression), text));
    }
}
