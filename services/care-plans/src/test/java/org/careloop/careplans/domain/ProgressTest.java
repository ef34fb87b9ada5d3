package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Goal.GoalLifecycleStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How plan and goals follow what is told of the Tasks and requests made from the plan. */
class ProgressTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 3, 12);
    private static final DischargeFacts FACTS = Discharges.of("06", Optional.of("low"));

    private final PlanDraft draft =
            ProtocolApplication.apply(FACTS, ProtocolLibrary.bundled().protocolsFor(FACTS), Discharges.AT);
    private final CarePlan plan = draft.plan();

    @Test
    void pointsToRequestInsteadOfDescribingIt() {
        // When
        CarePlan next = CarePlanProgress.follow(plan, request(ServiceRequestStatus.ACTIVE, 1))
                .orElseThrow();
        // Then
        CarePlanActivityComponent activity = activity(next, "home-health");
        assertThat(activity.hasDetail()).isFalse();
        assertThat(activity.getReference().getReference()).isEqualTo("ServiceRequest/sr-1");
        assertThat(activity.getReference().getDisplay()).isEqualTo("Home health care starts");
        assertThat(activity.getProgress()).extracting(Annotation::getText).containsExactly("ServiceRequest is active");
        assertThat(activity(plan, "home-health").hasDetail())
                .as("the argument is left alone")
                .isTrue();
    }

    @Test
    void pointsToRequestOfTaskThatIsHeardOfFirst() {
        // When
        CarePlan next = CarePlanProgress.follow(plan, referralTask(TaskStatus.REQUESTED, 1))
                .orElseThrow();
        // Then
        assertThat(activity(next, "home-health").getReference().getReference()).isEqualTo("ServiceRequest/sr-1");
        assertThat(activity(next, "home-health").getProgress())
                .extracting(annotation -> annotation.getText() + " "
                        + annotation.getTimeElement().getValue().toInstant())
                .containsExactly("Task is requested 2026-03-08T00:00:01Z");
    }

    @Test
    void pointsToTaskOfOurOwn() {
        // When
        CarePlan next = CarePlanProgress.follow(plan, ownTask("outreach", TaskStatus.READY, 1))
                .orElseThrow();
        // Then
        assertThat(activity(next, "outreach").getReference().getReference()).isEqualTo("Task/outreach");
    }

    @Test
    void keepsOutcomesOfCompletedTask() {
        // When
        CarePlan next = follow(
                plan,
                referralTask(TaskStatus.ACCEPTED, 2),
                withOutput(referralTask(TaskStatus.COMPLETED, 3), "Procedure/visit"),
                withOutput(withOutput(referralTask(TaskStatus.COMPLETED, 4), "Procedure/visit"), "Observation/late"));
        // Then
        CarePlanActivityComponent activity = activity(next, "home-health");
        assertThat(activity.getOutcomeReference())
                .extracting(Reference::getReference)
                .containsExactly("Procedure/visit", "Observation/late");
        assertThat(activity.getProgress())
                .extracting(Annotation::getText)
                .containsExactly("Task is accepted", "Task is completed");
    }

    @Test
    void keepsNoOutcomeBeforeCompletion() {
        // When
        CarePlan next = follow(plan, withOutput(referralTask(TaskStatus.INPROGRESS, 3), "Procedure/first"));
        // Then
        assertThat(activity(next, "home-health").getOutcomeReference()).isEmpty();
    }

    @Test
    void changesNothingWhenToldAgainOrLate() {
        // Given
        CarePlan current = follow(plan, referralTask(TaskStatus.INPROGRESS, 3));
        // When, Then
        assertThat(CarePlanProgress.follow(current, referralTask(TaskStatus.INPROGRESS, 3)))
                .isEmpty();
        assertThat(CarePlanProgress.follow(current, referralTask(TaskStatus.ACCEPTED, 2)))
                .isEmpty();
    }

    @Test
    void endsInTheSameStateInWhateverOrderItIsTold() {
        // Given
        List<Task> told = new ArrayList<>(List.of(
                referralTask(TaskStatus.REQUESTED, 1),
                referralTask(TaskStatus.ACCEPTED, 2),
                referralTask(TaskStatus.INPROGRESS, 3),
                withOutput(referralTask(TaskStatus.COMPLETED, 4), "Procedure/visit")));
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(told, random);
            // When
            CarePlan next = follow(plan, told.toArray(Task[]::new));
            // Then
            CarePlanActivityComponent activity = activity(next, "home-health");
            assertThat(activity.getExtensionsByUrl(PlanVocabulary.ACTIVITY_PROGRESS))
                    .extracting(ActivityProgress::status)
                    .containsExactly("completed");
            assertThat(activity.getProgress().getLast().getText()).isEqualTo("Task is completed");
            assertThat(activity.getOutcomeReference())
                    .extracting(Reference::getReference)
                    .containsExactly("Procedure/visit");
        }
    }

    @Test
    void keepsTasksOfOneActivityApart() {
        // Given an agency that says no, and the next one
        Task second = referralTask(TaskStatus.REQUESTED, 1);
        second.setId("task-2");
        // When
        CarePlan next = follow(plan, referralTask(TaskStatus.REJECTED, 2), second);
        // Then
        assertThat(activity(next, "home-health").getExtensionsByUrl(PlanVocabulary.ACTIVITY_PROGRESS))
                .extracting(ActivityProgress::status)
                .containsExactly("rejected", "requested");
        assertThat(ActivityProgress.isOpen(activity(next, "home-health"))).isTrue();
    }

    @Test
    void ignoresTaskOfAnotherPersonPlanOrActivity() {
        // Given
        Task otherPerson = referralTask(TaskStatus.ACCEPTED, 2).setFor(new Reference("Patient/eve"));
        Task otherPlan = referralTask(TaskStatus.ACCEPTED, 2);
        otherPlan.getIdentifierFirstRep().setValue("plan-2#home-health");
        Task otherActivity = ownTask("wound-care", TaskStatus.READY, 1);
        Task noPlan = referralTask(TaskStatus.ACCEPTED, 2).setIdentifier(null);
        ServiceRequest otherSubject = request(ServiceRequestStatus.ACTIVE, 1).setSubject(new Reference("Patient/eve"));
        // When, Then
        for (Task task : List.of(otherPerson, otherPlan, otherActivity, noPlan)) {
            assertThat(CarePlanProgress.follow(plan, task)).isEmpty();
            assertThat(GoalProgress.follow(
                            plan,
                            withOutput(task.setStatus(TaskStatus.COMPLETED), "Procedure/x"),
                            draft.goals(),
                            TODAY))
                    .isEmpty();
        }
        assertThat(CarePlanProgress.follow(plan, otherSubject)).isEmpty();
    }

    @Test
    void achievesGoalOfReconciliationAndAdvancesSafety() {
        // Given
        Task done = withOutput(ownTask("medication-reconciliation", TaskStatus.COMPLETED, 2), "Observation/list");
        // When
        List<Goal> changed = GoalProgress.follow(plan, done, draft.goals(), TODAY);
        // Then
        assertThat(changed)
                .extracting(goal -> goal.getDescription().getText() + ": " + GoalProgress.achievementOf(goal) + " "
                        + goal.getStatusDateElement().getValueAsString() + " "
                        + goal.getOutcomeReferenceFirstRep().getReference())
                .containsExactly(
                        "Medicines are reconciled and understood: achieved 2026-03-12 Observation/list",
                        "Safe at home, no unplanned readmission in 30 days: improving 2026-03-12 Observation/list");
    }

    @Test
    void followsAlsoAfterTheActivityPointsToItsTask() {
        // Given
        Task done = withOutput(ownTask("outreach", TaskStatus.COMPLETED, 2), "Observation/call");
        CarePlan current = follow(plan, ownTask("outreach", TaskStatus.READY, 1));
        // When
        List<Goal> changed = GoalProgress.follow(current, done, draft.goals(), TODAY);
        // Then
        assertThat(changed).extracting(GoalProgress::achievementOf).containsExactly("improving");
    }

    @Test
    void keepsEvidenceThatIsNoObservationInExtension() {
        // Given
        Task done = withOutput(referralTask(TaskStatus.COMPLETED, 4), "Procedure/visit");
        // When
        Goal goal = GoalProgress.follow(plan, done, draft.goals(), TODAY).getFirst();
        // Then
        assertThat(goal.hasOutcomeReference()).isFalse();
        assertThat(goal.getExtensionsByUrl(PlanVocabulary.GOAL_EVIDENCE))
                .extracting(evidence -> ((Reference) evidence.getValue()).getReference())
                .containsExactly("Procedure/visit");
    }

    @Test
    void changesNoGoalTwice() {
        // Given
        Task done = withOutput(ownTask("medication-reconciliation", TaskStatus.COMPLETED, 2), "Procedure/x");
        List<Goal> changed = GoalProgress.follow(plan, done, draft.goals(), TODAY);
        // When
        List<Goal> again = GoalProgress.follow(plan, done, changed, TODAY.plusDays(1));
        // Then
        assertThat(changed).hasSize(2);
        assertThat(again).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"achieved", "sustaining", "not-achieved", "not-attainable"})
    void leavesReachedOrJudgedGoalWhereItIs(String achievement) {
        // Given
        draft.goals().forEach(goal -> goal.setAchievementStatus(GoalProgress.achievement(achievement)));
        Task done = withOutput(ownTask("outreach", TaskStatus.COMPLETED, 2), "Observation/call");
        // When
        List<Goal> changed = GoalProgress.follow(plan, done, draft.goals(), TODAY);
        // Then only the evidence is new
        assertThat(changed).extracting(GoalProgress::achievementOf).containsExactly(achievement);
        assertThat(changed.getFirst().getStatusDateElement().getValueAsString()).isEqualTo("2026-03-07");
    }

    @Test
    void movesNoGoalWithoutEvidence() {
        // When
        List<Goal> withoutOutput =
                GoalProgress.follow(plan, ownTask("outreach", TaskStatus.COMPLETED, 2), draft.goals(), TODAY);
        List<Goal> unfinished = GoalProgress.follow(
                plan, withOutput(ownTask("outreach", TaskStatus.INPROGRESS, 2), "Procedure/x"), draft.goals(), TODAY);
        // Then
        assertThat(withoutOutput).isEmpty();
        assertThat(unfinished).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "REJECTED", "ENTEREDINERROR", "ONHOLD", "PROPOSED"})
    void movesOnlyGoalsThatArePursued(GoalLifecycleStatus status) {
        // Given
        draft.goals().forEach(goal -> goal.setLifecycleStatus(status));
        Task done = withOutput(ownTask("outreach", TaskStatus.COMPLETED, 2), "Procedure/x");
        // When, Then
        assertThat(GoalProgress.follow(plan, done, draft.goals(), TODAY)).isEmpty();
    }

    private static CarePlan follow(CarePlan plan, Task... told) {
        CarePlan current = plan;
        for (Task task : told) {
            current = CarePlanProgress.follow(current, task).orElse(current);
        }
        return current;
    }

    private static CarePlanActivityComponent activity(CarePlan plan, String id) {
        return plan.getActivity().stream()
                .filter(activity -> id.equals(activity.getId()))
                .findFirst()
                .orElseThrow();
    }

    private Task referralTask(TaskStatus status, int version) {
        Task task = ownTask("home-health", status, version);
        task.setId("task-1");
        return task.setFocus(new Reference("ServiceRequest/sr-1"));
    }

    private Task ownTask(String activity, TaskStatus status, int version) {
        Task task = new Task().setStatus(status).setFor(new Reference("Patient/ada"));
        task.setId(activity);
        task.getMeta().setVersionId(Integer.toString(version));
        task.setLastModifiedElement(
                FhirTime.dateTime(Instant.parse("2026-03-08T00:00:00Z").plusSeconds(version)));
        task.addIdentifier()
                .setSystem(SharedTerms.PLAN_ACTIVITY_SYSTEM)
                .setValue(plan.getIdElement().getIdPart() + "#" + activity);
        return task;
    }

    private static Task withOutput(Task task, String reference) {
        task.addOutput().setType(new CodeableConcept().setText("Result")).setValue(new Reference(reference));
        return task;
    }

    private ServiceRequest request(ServiceRequestStatus status, int version) {
        ServiceRequest request = new ServiceRequest().setStatus(status).setSubject(new Reference("Patient/ada"));
        request.setId("sr-1");
        request.getMeta().setVersionId(Integer.toString(version));
        request.addIdentifier()
                .setSystem(SharedTerms.PLAN_ACTIVITY_SYSTEM)
                .setValue(plan.getIdElement().getIdPart() + "#home-health");
        return request;
    }
}
