package org.careloop.referrals.domain;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.referrals.domain.ServiceRequestLifecycle.Consequence;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every status times every target times every actor, against a table written by hand; then how it follows its Tasks.
 */
class ServiceRequestLifecycleTest {

    private static final Instant NOW = Instant.parse("2026-03-05T10:00:00Z");

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
    void allowsRequesterExactlyAndNobodyElse(String from, String targets) {
        // When, Then
        for (Actor actor : Actor.values()) {
            boolean isRequester = List.of(Actor.REQUESTER, Actor.REQUESTER_AND_TARGET, Actor.PLATFORM)
                    .contains(actor);
            assertThat(allowed(from, actor)).as(actor.name()).isEqualTo(isRequester && targets != null ? targets : "");
        }
    }

    @Test
    void tellsWhatWouldBeAllowedFromHere() {
        // When
        FhirProblem problem = refused(
                request(ServiceRequestStatus.DRAFT),
                request(ServiceRequestStatus.COMPLETED),
                Actor.REQUESTER,
                List.of());
        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.RULE_VIOLATED);
        assertThat(problem.issues().getFirst().diagnostics())
                .isEqualTo("ServiceRequest.status: draft -> completed (expected: active, revoked or entered-in-error)");
    }

    @ParameterizedTest
    @EnumSource(
            value = Actor.class,
            names = {"TARGET", "OTHER", "CLAIMER"})
    void refusesAnyChangeByOthers(Actor actor) {
        // When
        FhirProblem problem =
                refused(request(ServiceRequestStatus.ACTIVE), request(ServiceRequestStatus.ACTIVE), actor, List.of());
        // Then
        assertThat(problem.issues().getFirst().diagnostics())
                .isEqualTo("ServiceRequest: changed by another than its requester (expected: no change)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject", "requester", "intent", "basedOn"})
    void refusesChangeOfImmutable(String element) {
        // Given
        Map<String, Consumer<ServiceRequest>> changes = Map.of(
                "subject", request -> request.setSubject(new Reference("Patient/x")),
                "requester", request -> request.setRequester(new Reference("Organization/x")),
                "intent", request -> request.setIntent(ServiceRequestIntent.PROPOSAL),
                "basedOn", request -> request.addBasedOn(new Reference("CarePlan/x")));
        ServiceRequest next = request(ServiceRequestStatus.ACTIVE);
        changes.get(element).accept(next);
        // When
        FhirProblem problem = refused(request(ServiceRequestStatus.ACTIVE), next, Actor.REQUESTER, List.of());
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("ServiceRequest." + element);
    }

    @Test
    void refusesServiceRequestWithoutStatus() {
        // When
        FhirProblem problem = catchThrowableOfType(
                FhirProblem.class,
                () -> ServiceRequestLifecycle.check(Optional.empty(), request(null), Actor.REQUESTER, List.of()));
        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_RESOURCE);
    }

    @Test
    void refusesCompletionBeforeItsTasksAreDone() {
        // When
        FhirProblem problem = refused(
                request(ServiceRequestStatus.ACTIVE),
                request(ServiceRequestStatus.COMPLETED),
                Actor.REQUESTER,
                List.of(task("t", TaskStatus.INPROGRESS)));
        // Then
        assertThat(problem.issues().getFirst().diagnostics())
                .isEqualTo("ServiceRequest.status: completed before its Tasks"
                        + " (expected: all ended, at least one completed)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a=completed                                              | true
        a=in-progress                                            | false
        a=failed                                                 | false
        a=rejected b=completed                                   | true
        a=completed b=requested                                  | false
        a=entered-in-error b=completed                           | true
        a=entered-in-error                                       | false
        a=accepted a.1=completed a.2=completed                   | true
        a=accepted a.1=completed a.2=failed                      | true
        a=accepted a.1=completed a.2=in-progress                 | false
        a=accepted a.1=failed a.2=cancelled                      | false
        a=completed a.1=in-progress                              | true
        a=failed a.1=completed                                   | false
        a=accepted a.1=accepted a.1.x=completed                  | true
        """)
    void completesWhenItsTasksAreDone(String tasks, boolean completes) {
        // Given
        List<Task> itsTasks = Arrays.stream(tasks.split(" "))
                .map(text -> text.split("="))
                .map(pair -> task(pair[0], Tasks.status(pair[1]).orElseThrow()))
                .toList();
        // When
        Consequence consequence = ServiceRequestLifecycle.follow(request(ServiceRequestStatus.ACTIVE), itsTasks, NOW);
        // Then
        assertThat(consequence.request().map(ServiceRequest::getStatus))
                .isEqualTo(completes ? Optional.of(ServiceRequestStatus.COMPLETED) : Optional.empty());
        assertThat(consequence.endedTasks()).isEmpty();
    }

    @Test
    void leavesRequestWithoutTasksAlone() {
        // When
        Consequence consequence = ServiceRequestLifecycle.follow(request(ServiceRequestStatus.ACTIVE), List.of(), NOW);
        // Then
        assertThat(consequence).isEqualTo(new Consequence(Optional.empty(), List.of()));
    }

    @ParameterizedTest
    @EnumSource(names = {"DRAFT", "ONHOLD", "COMPLETED"})
    void followsNothingInOtherStates(ServiceRequestStatus status) {
        // When
        Consequence consequence =
                ServiceRequestLifecycle.follow(request(status), List.of(task("a", TaskStatus.COMPLETED)), NOW);
        // Then
        assertThat(consequence).isEqualTo(new Consequence(Optional.empty(), List.of()));
    }

    @ParameterizedTest
    @EnumSource(names = {"REVOKED", "ENTEREDINERROR"})
    void endsOpenTasksOfRevokedRequestOnce(ServiceRequestStatus status) {
        // Given
        List<Task> tasks = List.of(
                task("a", TaskStatus.REQUESTED),
                task("b", TaskStatus.ONHOLD),
                task("c", TaskStatus.DRAFT),
                task("d", TaskStatus.COMPLETED),
                task("e", TaskStatus.REJECTED));
        // When
        Consequence consequence = ServiceRequestLifecycle.follow(request(status), tasks, NOW);
        Consequence again = ServiceRequestLifecycle.follow(request(status), consequence.endedTasks(), NOW);
        // Then
        assertThat(consequence.endedTasks())
                .extracting(task ->
                        task.getIdElement().getIdPart() + " " + task.getStatus().toCode())
                .containsExactly("a cancelled", "b cancelled", "c entered-in-error");
        assertThat(consequence.endedTasks()).allSatisfy(task -> {
            assertThat(task.getStatusReason().getText()).isEqualTo("The request is " + status.toCode());
            assertThat(task.getLastModified()).isEqualTo(NOW);
        });
        assertThat(again.endedTasks()).isEmpty();
        assertThat(tasks.getFirst().getStatus()).isEqualTo(TaskStatus.REQUESTED);
    }

    @Test
    void endsTasksInAWayThatTheirLifecycleAllows() {
        // Given
        List<Task> tasks = List.of(task("a", TaskStatus.ACCEPTED), task("b", TaskStatus.DRAFT));
        // When
        List<Task> ended = ServiceRequestLifecycle.follow(request(ServiceRequestStatus.REVOKED), tasks, NOW)
                .endedTasks();
        // Then
        assertThatCode(() -> {
                    TaskLifecycle.check(Optional.of(tasks.get(0)), ended.get(0), Actor.PLATFORM);
                    TaskLifecycle.check(Optional.of(tasks.get(1)), ended.get(1), Actor.PLATFORM);
                })
                .doesNotThrowAnyException();
    }

    private static String allowed(String from, Actor actor) {
        Optional<ServiceRequest> previous =
                "new".equals(from) ? Optional.empty() : Optional.of(request(ServiceRequestStatus.fromCode(from)));
        return Arrays.stream(ServiceRequestStatus.values())
                .filter(status ->
                        status != ServiceRequestStatus.NULL && !status.toCode().equals(from))
                .filter(status -> {
                    try {
                        ServiceRequestLifecycle.check(
                                previous, request(status), actor, List.of(task("t", TaskStatus.COMPLETED)));
                        return true;
                    } catch (FhirProblem refused) {
                        return false;
                    }
                })
                .map(ServiceRequestStatus::toCode)
                .collect(joining(" "));
    }

    private static FhirProblem refused(ServiceRequest previous, ServiceRequest next, Actor actor, List<Task> tasks) {
        FhirProblem problem = catchThrowableOfType(
                FhirProblem.class, () -> ServiceRequestLifecycle.check(Optional.of(previous), next, actor, tasks));
        assertThat(problem).as("refused").isNotNull();
        return problem;
    }

    private static ServiceRequest request(ServiceRequestStatus status) {
        ServiceRequest request = new ServiceRequest().setStatus(status).setIntent(ServiceRequestIntent.ORDER);
        request.setId("sr-1");
        return request.setSubject(new Reference("Patient/ada")).setRequester(new Reference(Tasks.REQUESTER));
    }

    /** {@code a.1} is a part of {@code a}. */
    private static Task task(String id, TaskStatus status) {
        Task task = Tasks.referral(status);
        task.setId(id);
        int dot = id.lastIndexOf('.');
        task.setPartOf(dot < 0 ? List.of() : List.of(new Reference("Task/" + id.substring(0, dot))));
        return task;
    }
}
