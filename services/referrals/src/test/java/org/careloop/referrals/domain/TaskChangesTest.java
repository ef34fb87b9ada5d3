package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.domain.TaskChecks.assertIssue;
import static org.careloop.referrals.domain.TaskChecks.assertPasses;
import static org.careloop.referrals.domain.TaskChecks.refused;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Period;
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

/** What of a Task never changes, and who may change the rest when. */
class TaskChangesTest {

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
    void takesOwnerFromWhoClaimsWithItsAcceptanceOrBefore() {
        // Given
        Task open = Tasks.referral(TaskStatus.REQUESTED).setOwner(null);
        Task onlyNamed = Tasks.referral(TaskStatus.REQUESTED);
        // When
        FhirProblem byRequester = refused(open, onlyNamed, Actor.REQUESTER);
        // Then
        assertPasses(open, Tasks.referral(TaskStatus.ACCEPTED), Actor.CLAIMER);
        assertPasses(open, onlyNamed, Actor.CLAIMER);
        assertThat(byRequester.issues().getFirst().expression()).contains("Task.owner");
    }

    @Test
    void tellsWhoMayNotClaimWhy() {
        // Given
        Task open = Tasks.offered(TaskStatus.REQUESTED, "Organization/safe-rides");
        // When
        FhirProblem problem = refused(open, Tasks.referral(TaskStatus.ACCEPTED), Actor.OTHER);
        // Then
        assertIssue(
                problem,
                "Task.owner",
                "Task.owner: set by who may not claim the Task, or to another than oneself (expected: the own"
                        + " Organization, of a requested Task that is offered to it)");
    }

    /** An offer to several would end for all of them. */
    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "CANCELLED", "INPROGRESS", "COMPLETED", "ENTEREDINERROR"})
    void takesNothingElseFromWhoClaims(TaskStatus next) {
        // Given
        Task open = Tasks.referral(TaskStatus.REQUESTED).setOwner(null);
        // When
        FhirProblem problem = refused(open, Tasks.withReasonAndOutput(Tasks.referral(next)), Actor.CLAIMER);
        // Then
        assertThat(problem.issues().getFirst().expression()).contains("Task.status");
    }

    @ParameterizedTest
    @EnumSource(names = {"CLAIMER", "TARGET"})
    void offersOnlyInTheNameOfTheRequester(Actor actor) {
        // Given
        Task offered = Tasks.offered(TaskStatus.REQUESTED, Tasks.OWNER, "Organization/safe-rides");
        Task previous = actor == Actor.TARGET ? offered.copy().setOwner(new Reference(Tasks.OWNER)) : offered;
        Task alone = Tasks.offered(TaskStatus.ACCEPTED, Tasks.OWNER).setOwner(new Reference(Tasks.OWNER));
        // When
        FhirProblem problem = refused(previous, alone, actor);
        // Then
        assertIssue(
                problem,
                "Task.restriction.recipient",
                "Task.restriction.recipient: changed (expected: as the requester offers it)");
        assertPasses(offered, Tasks.offered(TaskStatus.REQUESTED, "Organization/safe-rides"), Actor.REQUESTER);
    }

    @Test
    void platformChoosesAnAgencyOnlyWhereNobodyIsNamed() {
        assertThat(TaskLifecycle.isWithoutAgency(Tasks.offered(TaskStatus.REQUESTED)))
                .isTrue();
        assertThat(TaskLifecycle.isWithoutAgency(Tasks.offered(TaskStatus.DRAFT)))
                .isTrue();
        assertThat(TaskLifecycle.isWithoutAgency(Tasks.offered(TaskStatus.CANCELLED)))
                .isFalse();
        assertThat(TaskLifecycle.isWithoutAgency(Tasks.offered(TaskStatus.REQUESTED, Tasks.OWNER)))
                .isFalse();
        assertThat(TaskLifecycle.isWithoutAgency(Tasks.referral(TaskStatus.REQUESTED)))
                .isFalse();
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

    /** By its priority or the end of its restriction an agency would set its own clocks; of inputs it would open records. */
    @ParameterizedTest
    @MethodSource
    void refusesThatWhoDoesTheWorkChangesWhatIsAsked(String element, Consumer<Task> change) {
        // Given
        Task accepted = asking(Tasks.referral(TaskStatus.ACCEPTED));
        Task begun = asking(Tasks.referral(TaskStatus.INPROGRESS));
        change.accept(begun);
        Task open = asking(Tasks.referral(TaskStatus.REQUESTED)).setOwner(null);
        Task claimed = asking(Tasks.referral(TaskStatus.ACCEPTED));
        change.accept(claimed);
        // When
        List<FhirProblem> problems =
                List.of(refused(accepted, begun, Actor.TARGET), refused(open, claimed, Actor.CLAIMER));
        // Then
        assertThat(problems)
                .allSatisfy(problem -> assertIssue(
                        problem,
                        "Task." + element,
                        "Task." + element + ": changed by who does the work (expected: as the requester asks it)"));
        for (Actor actor : List.of(Actor.REQUESTER, Actor.PLATFORM, Actor.REQUESTER_AND_TARGET)) {
            Task amended = asking(Tasks.referral(TaskStatus.ACCEPTED));
            change.accept(amended);
            assertPasses(accepted, amended, actor);
        }
    }

    static Stream<Arguments> refusesThatWhoDoesTheWorkChangesWhatIsAsked() {
        return Stream.of(
                asked("priority", task -> task.setPriority(TaskPriority.ROUTINE)),
                asked("description", task -> task.setDescription("Whenever you like")),
                asked("input", task -> task.setInput(List.of())),
                asked("input", task -> task.addInput().setValue(new Reference("Observation/secret"))),
                asked("reasonCode", task -> task.setReasonCode(new CodeableConcept().setText("Another"))),
                asked("reasonReference", task -> task.setReasonReference(new Reference("Condition/secret"))),
                asked(
                        "restriction",
                        task -> task.getRestriction().setPeriod(new Period().setEnd(Date.from(Tasks.ASKED)))),
                asked("restriction", task -> task.setRestriction(null)),
                asked("performerType", task -> task.addPerformerType().setText("Anybody")),
                asked("encounter", task -> task.setEncounter(new Reference("Encounter/secret"))),
                asked("insurance", task -> task.addInsurance(new Reference("Coverage/secret"))));
    }

    @ParameterizedTest
    @EnumSource(names = {"TARGET", "CLAIMER"})
    void keepsWhatIsAskedWhereWhoDoesTheWorkSaysNothingOfIt(Actor actor) {
        // Given
        Task known = asking(Tasks.referral(TaskStatus.ACCEPTED));
        Task begun = known.copy().setStatus(TaskStatus.INPROGRESS);
        Task bare = begun.copy()
                .setPriority(null)
                .setDescription(null)
                .setInput(null)
                .setRestriction(null);
        // When
        TaskLifecycle.keepAsked(known, bare, actor);
        // Then
        assertThat(bare.equalsDeep(begun)).isTrue();
        // When who asks takes it back
        Task amended = known.copy().setDescription(null);
        TaskLifecycle.keepAsked(known, amended, Actor.REQUESTER);
        // Then
        assertThat(amended.hasDescription()).isFalse();
    }

    private static Arguments asked(String element, Consumer<Task> change) {
        return Arguments.of(element, change);
    }

    private static Task asking(Task task) {
        task.setPriority(TaskPriority.STAT).setDescription("Bring oxygen");
        task.addInput().setType(new CodeableConcept().setText("Needs")).setValue(new Reference("Observation/o"));
        task.getRestriction().setRepetitions(1);
        return task;
    }

    @Test
    void refusesThatWhoDoesTheWorkTakesANumberOfOthersAway() {
        // Given
        Task numbered = Tasks.referral(TaskStatus.ACCEPTED);
        numbered.addIdentifier().setSystem("urn:placer").setValue("1");
        numbered.addIdentifier().setSystem("urn:filler").setValue("2").setAssigner(new Reference(Tasks.OWNER));
        Task without = numbered.copy();
        without.getIdentifier().removeIf(identifier -> "urn:placer".equals(identifier.getSystem()));
        Task corrected = numbered.copy();
        corrected.getIdentifier().getLast().setValue("3");
        // When
        FhirProblem problem = refused(numbered, without, Actor.TARGET);
        // Then
        assertIssue(
                problem,
                "Task.identifier",
                "Task.identifier: taken away by who does the work (expected: those that it did not assign stay)");
        assertPasses(numbered, corrected, Actor.TARGET);
        assertPasses(numbered, without, Actor.REQUESTER);
    }

    /** What somebody puts back who read it before the agency reported. */
    @ParameterizedTest
    @EnumSource(names = {"REQUESTER", "PLATFORM"})
    void refusesThatWhoAskedDropsAReport(Actor actor) {
        // Given
        Task reported = Tasks.referral(TaskStatus.INPROGRESS);
        reported.addOutput().setType(new CodeableConcept().setText("Report")).setValue(new Reference("Procedure/p"));
        Task amended = Tasks.referral(TaskStatus.INPROGRESS).setDescription("Bring oxygen");
        // When
        FhirProblem problem = refused(reported, amended, actor);
        // Then
        assertIssue(
                problem,
                "Task.output",
                "Task.output: taken away or changed by another than who does the work (expected: what is reported stays)");
        assertPasses(reported, reported.copy().setDescription("Bring oxygen"), actor);
        assertPasses(reported, amended, Actor.REQUESTER_AND_TARGET);
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
}
