package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What our Task and an agency's copy of it tell each other. */
class DirectTaskTest {

    private static final String OURS = "https://care.example.org/fhir";
    private static final String THEIRS = "https://agency.example.org/fhir";

    @Test
    void theCopyNamesWhatIsHere() {
        // Given
        Task ours = Tasks.referral(TaskStatus.REQUESTED);
        ours.getMeta()
                .setVersionId("3")
                .addProfile(TaskMachine.REFERRAL_PROFILE)
                .addTag()
                .setCode("ours");
        // When
        Task copy = DirectTask.outbound(ours, OURS);
        // Then
        assertThat(copy.hasIdElement()).isFalse();
        assertThat(copy.getMeta().hasVersionId()).isFalse();
        assertThat(copy.getMeta().hasTag()).isFalse();
        assertThat(copy.getMeta().hasProfile(TaskMachine.REFERRAL_PROFILE)).isTrue();
        assertThat(copy.getFocus().getReference()).isEqualTo(OURS + "/ServiceRequest/sr-1");
        assertThat(copy.getOwner().getReference()).isEqualTo(OURS + "/" + Tasks.OWNER);
        assertThat(copy.getIdentifier())
                .anyMatch(identifier -> DirectTask.IDENTIFIER_SYSTEM.equals(identifier.getSystem())
                        && "task-1".equals(identifier.getValue()));
        assertThat(ours.getFocus().getReference()).isEqualTo("ServiceRequest/sr-1");
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskStatus.class,
            names = {"ACCEPTED", "REJECTED", "CANCELLED", "INPROGRESS", "ONHOLD", "COMPLETED", "FAILED"})
    void anAnswerIsOneStepOrTwo(TaskStatus status) {
        // When
        List<TaskStatus> told = DirectTask.told(Tasks.referral(TaskStatus.REQUESTED), copy(status), THEIRS).stream()
                .map(Task::getStatus)
                .toList();
        // Then
        boolean isAnswer = List.of(TaskStatus.ACCEPTED, TaskStatus.REJECTED, TaskStatus.CANCELLED)
                .contains(status);
        assertThat(told).isEqualTo(isAnswer ? List.of(status) : List.of(TaskStatus.ACCEPTED, status));
    }

    @Test
    void receivedIsNoStatusHere() {
        Task told = DirectTask.told(Tasks.referral(TaskStatus.REQUESTED), copy(TaskStatus.RECEIVED), THEIRS)
                .getFirst();
        assertThat(told.getStatus()).isEqualTo(TaskStatus.REQUESTED);
        assertThat(told.getBusinessStatus().getCodingFirstRep().getCode()).isEqualTo("received");
        assertThat(DirectTask.told(told, copy(TaskStatus.RECEIVED), THEIRS)).isEmpty();
    }

    @Test
    void theAgencySaysHowItGoesAndNothingElse() {
        // Given
        Task theirs = copy(TaskStatus.ACCEPTED)
                .setDescription("Ours now")
                .setOwner(new Reference("Organization/another"))
                .setFocus(new Reference("ServiceRequest/another"));
        theirs.setStatusReason(new CodeableConcept().setText("Glad to"));
        theirs.addOutput().setType(new CodeableConcept().setText("Visit")).setValue(new Reference("Procedure/p-1"));
        // When
        Task told = DirectTask.told(Tasks.referral(TaskStatus.REQUESTED), theirs, THEIRS)
                .getFirst();
        // Then
        assertThat(told.getStatusReason().getText()).isEqualTo("Glad to");
        assertThat(((Reference) told.getOutputFirstRep().getValue()).getReference())
                .isEqualTo(THEIRS + "/Procedure/p-1");
        assertThat(told.setStatus(TaskStatus.REQUESTED)
                        .setStatusReason(null)
                        .setOutput(null)
                        .equalsDeep(Tasks.referral(TaskStatus.REQUESTED)))
                .isTrue();
    }

    @Test
    void whatIsKnownIsNotSaidAgain() {
        assertThat(DirectTask.told(Tasks.referral(TaskStatus.ACCEPTED), copy(TaskStatus.ACCEPTED), THEIRS))
                .isEmpty();
        assertThat(DirectTask.update(Tasks.referral(TaskStatus.ACCEPTED), copy(TaskStatus.ACCEPTED), OURS))
                .isEmpty();
    }

    @Test
    void onlyWhoAskedEndsTheCopy() {
        for (TaskStatus status : TaskStatus.values()) {
            if (status == TaskStatus.NULL) {
                continue;
            }
            Optional<Task> update = DirectTask.update(Tasks.referral(status), copy(TaskStatus.ACCEPTED), OURS);
            boolean ends = status == TaskStatus.CANCELLED || status == TaskStatus.ENTEREDINERROR;
            assertThat(update.map(Task::getStatus)).isEqualTo(ends ? Optional.of(status) : Optional.empty());
        }
        assertThat(DirectTask.update(Tasks.referral(TaskStatus.CANCELLED), copy(TaskStatus.COMPLETED), OURS))
                .isEmpty();
    }

    @Test
    void whatIsAskedForChangesInTheCopy() {
        Task ours = Tasks.referral(TaskStatus.REQUESTED).setDescription("Ring the back door");
        ours.addInput()
                .setType(new CodeableConcept().setText("Report"))
                .setValue(new Reference("DocumentReference/d-1"));
        Task update = DirectTask.update(ours, copy(TaskStatus.ACCEPTED), OURS).orElseThrow();
        assertThat(update.getDescription()).isEqualTo("Ring the back door");
        assertThat(((Reference) update.getInputFirstRep().getValue()).getReference())
                .isEqualTo(OURS + "/DocumentReference/d-1");
        assertThat(update.getStatus()).isEqualTo(TaskStatus.ACCEPTED);
    }

    private static Task copy(TaskStatus status) {
        Task copy =
                DirectTask.outbound(Tasks.referral(TaskStatus.REQUESTED), OURS).setStatus(status);
        copy.setId("remote-1");
        return copy;
    }
}
