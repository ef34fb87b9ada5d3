package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Several agencies asked at once, of which the first that accepts gets the referral. */
class OffersTest {

    private static final Instant AT = Instant.parse("2026-11-13T15:00:00Z");
    private static final Offers OFFERS = Offers.shipped();

    @ParameterizedTest
    @CsvSource({"ROUTINE, 1", "URGENT, 1", "ASAP, 1", "STAT, 3", ", 1"})
    void asksSoManyAtOnce(TaskPriority priority, int expected) {
        assertThat(OFFERS.atOnce(Tasks.referral(TaskStatus.REQUESTED).setPriority(priority)))
                .isEqualTo(expected);
    }

    @Test
    void needsANumberForEachPriority() {
        assertThatThrownBy(() -> new Offers(new Offers.Rules("test", Map.of(TaskPriority.ROUTINE, 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at-once");
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskStatus.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NULL", "READY", "RECEIVED"})
    void withdrawsWhatNobodyHasAnsweredYet(TaskStatus status) {
        // When
        List<Task> withdrawn = Offers.withdrawn(
                alternative("a", "offer-1", TaskStatus.ACCEPTED),
                List.of(alternative("a", "offer-1", TaskStatus.ACCEPTED), alternative("b", "offer-1", status)),
                AT);
        // Then
        switch (status) {
            case REQUESTED ->
                assertThat(withdrawn).singleElement().satisfies(task -> {
                    assertThat(task.getStatus()).isEqualTo(TaskStatus.CANCELLED);
                    assertThat(task.getStatusReason().getCodingFirstRep().getCode())
                            .isEqualTo("accepted-elsewhere");
                });
            case DRAFT ->
                assertThat(withdrawn)
                        .singleElement()
                        .extracting(Task::getStatus)
                        .isEqualTo(TaskStatus.ENTEREDINERROR);
            default -> assertThat(withdrawn).isEmpty();
        }
    }

    @Test
    void leavesWhatIsAnotherOfferOrNone() {
        assertThat(Offers.withdrawn(
                        alternative("a", "offer-1", TaskStatus.ACCEPTED),
                        List.of(
                                alternative("b", "offer-2", TaskStatus.REQUESTED),
                                Tasks.referral(TaskStatus.REQUESTED)),
                        AT))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskStatus.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NULL", "READY", "RECEIVED"})
    void oneIsEnough(TaskStatus status) {
        assertThat(Offers.isTaken(
                        alternative("a", "offer-1", TaskStatus.ACCEPTED),
                        List.of(alternative("a", "offer-1", TaskStatus.ACCEPTED), alternative("b", "offer-1", status))))
                .isEqualTo(List.of(TaskStatus.ACCEPTED, TaskStatus.INPROGRESS, TaskStatus.ONHOLD, TaskStatus.COMPLETED)
                        .contains(status));
    }

    /** Who has the record open makes its Task no alternative of another requester's. */
    @Test
    void theTasksOfAnotherRequesterAreNoAlternatives() {
        Task others =
                alternative("b", "offer-1", TaskStatus.REQUESTED).setRequester(new Reference("Organization/other"));
        assertThat(Offers.withdrawn(alternative("a", "offer-1", TaskStatus.ACCEPTED), List.of(others), AT))
                .isEmpty();
        assertThat(Offers.isTaken(
                        alternative("a", "offer-1", TaskStatus.ACCEPTED),
                        List.of(others.setStatus(TaskStatus.ACCEPTED))))
                .isFalse();
    }

    @Test
    void aTaskThatWaitedForAnAgencyMayBecomeOneOfSeveral() {
        Task waiting = Tasks.referral(TaskStatus.REQUESTED).setOwner(null);
        Task one = Tasks.referral(TaskStatus.REQUESTED).setGroupIdentifier(offer("offer-1"));
        TaskLifecycle.check(Optional.of(waiting), one, Actor.PLATFORM);
        assertThatThrownBy(() ->
                        TaskLifecycle.check(Optional.of(Tasks.referral(TaskStatus.REQUESTED)), one, Actor.PLATFORM))
                .hasMessageContaining("Task.groupIdentifier");
    }

    @Test
    void nobodyLeavesOrJoinsAnOffer() {
        Task alone = Tasks.referral(TaskStatus.REQUESTED);
        Task one = Tasks.referral(TaskStatus.REQUESTED).setGroupIdentifier(offer("offer-1"));
        Task other = Tasks.referral(TaskStatus.REQUESTED).setGroupIdentifier(offer("offer-2"));
        for (List<Task> change : List.of(List.of(alone, one), List.of(one, alone), List.of(one, other))) {
            assertThatThrownBy(() ->
                            TaskLifecycle.check(Optional.of(change.getFirst()), change.getLast(), Actor.REQUESTER))
                    .isInstanceOf(FhirProblem.class)
                    .hasMessageContaining("Task.groupIdentifier");
        }
        Task foreign = Tasks.referral(TaskStatus.REQUESTED)
                .setGroupIdentifier(new Identifier().setSystem("urn:ours").setValue("7"));
        TaskLifecycle.check(Optional.of(alone), foreign, Actor.REQUESTER);
    }

    private static Task alternative(String id, String offer, TaskStatus status) {
        Task task = Tasks.referral(status).setGroupIdentifier(offer(offer));
        task.setId(id);
        return task;
    }

    private static Identifier offer(String value) {
        return new Identifier().setSystem(Offers.SYSTEM).setValue(value);
    }
}
