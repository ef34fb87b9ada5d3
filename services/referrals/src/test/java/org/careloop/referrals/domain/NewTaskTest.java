package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.careloop.referrals.domain.TaskChecks.assertIssue;
import static org.careloop.referrals.domain.TaskChecks.refused;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskIntent;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a new Task needs, and which rules it is held to. */
class NewTaskTest {

    @Test
    void refusesTaskWithoutStatus() {
        // When
        FhirProblem problem = refused(Optional.empty(), Tasks.referral(null), Actor.REQUESTER);
        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_RESOURCE);
        assertThat(problem.issues().getFirst().expression()).contains("Task.status");
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
}
