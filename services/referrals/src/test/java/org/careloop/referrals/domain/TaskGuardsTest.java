package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.domain.TaskChecks.assertIssue;
import static org.careloop.referrals.domain.TaskChecks.assertPasses;
import static org.careloop.referrals.domain.TaskChecks.refused;

import java.util.List;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each status of a Task needs. */
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
    @EnumSource(names = {"DRAFT", "REQUESTED", "ACCEPTED", "COMPLETED"})
    void refusesToTakeBackWithoutReason(TaskStatus from) {
        assertIssue(
                refused(Tasks.referral(from), Tasks.referral(TaskStatus.ENTEREDINERROR), Actor.REQUESTER),
                "Task.statusReason.text",
                "Task.statusReason.text: missing on entered-in-error (expected: why)");
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
}
