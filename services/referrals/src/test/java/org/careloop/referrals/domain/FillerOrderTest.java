package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.referrals.domain.PlannedOrders.Referral;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestIntent;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a referral to a network and the order that it is passed on by tell each other. */
class FillerOrderTest {

    private static final FineStates FINE_STATES = FineStates.shipped();

    @Test
    void theOrderIsTheNetworksAndAsksTheSame() {
        // Given
        Task whole = Tasks.referral(TaskStatus.REQUESTED).setPriority(TaskPriority.ASAP);
        whole.addBasedOn(new Reference("CarePlan/plan-1"));
        whole.getRestriction().setRepetitions(2).addRecipient(new Reference(Tasks.OWNER));
        ServiceRequest original = original();
        // When
        Referral passedOn = FillerOrder.of(whole, original, Tasks.ASKED);
        // Then
        ServiceRequest filler = passedOn.request();
        assertThat(filler.getIntent()).isEqualTo(ServiceRequestIntent.FILLERORDER);
        assertThat(filler.getStatus()).isEqualTo(ServiceRequestStatus.ACTIVE);
        assertThat(filler.getBasedOn()).hasSize(1);
        assertThat(filler.getBasedOnFirstRep().getReference()).isEqualTo("ServiceRequest/sr-1");
        assertThat(filler.getRequester().getReference()).isEqualTo(Tasks.OWNER);
        assertThat(filler.getCode().equalsDeep(original.getCode())).isTrue();
        assertThat(filler.getSupportingInfoFirstRep().getReference()).isEqualTo("Condition/housing");
        assertThat(filler.getMeta().getSecurityFirstRep().getCode()).isEqualTo("R");
        assertThat(filler.hasPerformer()).isFalse();
        assertThat(filler.hasIdentifier()).isFalse();
        Task task = passedOn.task();
        assertThat(task.getPartOfFirstRep().getReference()).isEqualTo("Task/task-1");
        assertThat(task.getFocus().getReference()).isEqualTo("ServiceRequest/" + filler.getId());
        assertThat(task.getRequester().getReference()).isEqualTo(Tasks.OWNER);
        assertThat(task.getPriority()).isEqualTo(TaskPriority.ASAP);
        assertThat(task.getRestriction().getRepetitions()).isEqualTo(2);
        assertThat(TaskLifecycle.isWithoutAgency(task)).isTrue();
        // The plan counts the whole, not what it was passed on by.
        assertThat(task.hasBasedOn()).isFalse();
        assertThat(FillerOrder.of(whole, original, Tasks.ASKED).task().equalsDeep(task))
                .isTrue();
    }

    @Test
    void whomTheRequesterNamedIsAskedFirst() {
        // Given
        Task whole = Tasks.referral(TaskStatus.REQUESTED);
        // When
        WaitingReferral waiting = FillerOrder.waiting(
                FillerOrder.of(whole, original(), Tasks.ASKED), original(), Optional.empty(), ZoneOffset.UTC);
        // Then
        assertThat(waiting.wished()).containsExactly("Organization/wished");
        assertThat(waiting.requester()).isEqualTo(Tasks.OWNER);
        assertThat(waiting.serviceTypes().stream().map(Coding::getCode)).containsExactly("rides", "transport");
    }

    /** The plan's need, by which the platform found the network, is more than the request tells. */
    @Test
    void whatAPlanNeedsIsNeededOfTheAgencyToo() {
        // Given
        WaitingReferral planned = new WaitingReferral(
                "task-1",
                "sr-1",
                "Patient/ada",
                "plan-1#rides",
                List.of(new Coding("http://example.org", "wheelchair-rides", null)),
                Tasks.REQUESTER,
                Set.of("Organization/chosen-by-person"),
                Optional.empty());
        // When
        WaitingReferral waiting = FillerOrder.waiting(
                FillerOrder.of(Tasks.referral(TaskStatus.REQUESTED), original(), Tasks.ASKED),
                original(),
                Optional.of(planned),
                ZoneOffset.UTC);
        // Then
        assertThat(waiting.serviceTypes().stream().map(Coding::getCode)).containsExactly("wheelchair-rides");
        assertThat(waiting.wished()).containsExactly("Organization/chosen-by-person");
        assertThat(waiting.requester()).isEqualTo(Tasks.OWNER);
    }

    @Test
    void aLabelOfTheWholeIsOneOfItsParts() {
        // Given
        Task whole = Tasks.referral(TaskStatus.REQUESTED);
        whole.getMeta().addSecurity().setSystem("http://example.org/labels").setCode("ETHUD");
        Task part = Tasks.referral(TaskStatus.REQUESTED);
        // When
        List<Task> asked = FillerOrder.asked(whole, List.of(part), FINE_STATES);
        // Then
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().getMeta().getSecurity("http://example.org/labels", "ETHUD"))
                .isNotNull();
        assertThat(PlannedOrders.askedAgain(asked.getFirst(), original(), Tasks.ASKED)
                        .getMeta()
                        .getSecurity("http://example.org/labels", "ETHUD"))
                .isNotNull();
    }

    @Test
    void whatIsNotToBeReadIsAskedAsBefore() {
        // Given
        ServiceRequest order = FillerOrder.of(Tasks.referral(TaskStatus.REQUESTED), original(), Tasks.ASKED)
                .request();
        // When, Then
        assertThat(FillerOrder.following(order, Optional.of(Tasks.referral(TaskStatus.ACCEPTED)), Optional.empty()))
                .isSameAs(order);
        assertThat(FillerOrder.following(order, Optional.of(Tasks.referral(TaskStatus.CANCELLED)), Optional.empty())
                        .getStatus())
                .isEqualTo(ServiceRequestStatus.REVOKED);
    }

    /** Nobody but the platform may give its own reasons. */
    @Test
    void thePlatformsOwnReasonIsToldInWords() {
        // Given
        Task part = Tasks.referral(TaskStatus.CANCELLED);
        part.setStatusReason(new CodeableConcept(new Coding(EndReasons.SYSTEM, EndReasons.NO_ANSWER, null))
                .setText("No answer in time"));
        // When
        List<Task> told = FillerOrder.told(Tasks.referral(TaskStatus.ACCEPTED), List.of(part), FINE_STATES);
        // Then
        assertThat(told.getLast().getStatusReason().getText()).isEqualTo("No answer in time");
        assertThat(told.getLast().getStatusReason().hasCoding()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "active, REQUESTED, active, active",
        "active, INPROGRESS, active, active",
        "active, REQUESTED, on-hold, on-hold",
        "on-hold, REQUESTED, active, active",
        "on-hold, ACCEPTED, on-hold, on-hold",
        "active, CANCELLED, active, revoked",
        "active, ENTEREDINERROR, active, revoked",
        "on-hold, FAILED, on-hold, revoked",
        "active, COMPLETED, completed, revoked",
        "completed, COMPLETED, completed, completed",
        "revoked, CANCELLED, active, revoked",
        "active, REQUESTED, completed, active"
    })
    void theOrderFollows(String filler, TaskStatus whole, String original, String expected) {
        // Given
        ServiceRequest order = FillerOrder.of(Tasks.referral(TaskStatus.REQUESTED), original(), Tasks.ASKED)
                .request()
                .setStatus(ServiceRequestStatus.fromCode(filler));
        // When
        ServiceRequest next = FillerOrder.following(
                order,
                Optional.of(Tasks.referral(whole)),
                Optional.of(original().setStatus(ServiceRequestStatus.fromCode(original))));
        // Then
        assertThat(next.getStatus().toCode()).isEqualTo(expected);
    }

    @Test
    void theOrderEndsWithAWholeThatIsGone() {
        // Given
        ServiceRequest order = FillerOrder.of(Tasks.referral(TaskStatus.REQUESTED), original(), Tasks.ASKED)
                .request();
        // When, Then
        assertThat(FillerOrder.following(order, Optional.empty(), Optional.of(original()))
                        .getStatus())
                .isEqualTo(ServiceRequestStatus.REVOKED);
    }

    /** Every status of the whole and of the one part: what is told is a step that the owner of the whole may take. */
    @ParameterizedTest
    @MethodSource("statuses")
    void whatIsToldIsAllowed(TaskStatus whole, TaskStatus part) {
        // Given
        Task known = Tasks.withReasonAndOutput(Tasks.referral(whole));
        Task said = Tasks.withReasonAndOutput(Tasks.referral(part));
        said.addOutput().setType(new CodeableConcept().setText("Late")).setValue(new Reference("Procedure/late"));
        // When
        List<Task> told = FillerOrder.told(known, List.of(said), FINE_STATES);
        // Then
        Task current = known;
        for (Task next : told) {
            TaskLifecycle.check(Optional.of(current), next, Actor.TARGET);
            current = next;
        }
        if (TaskLifecycle.hasEnded(known)) {
            assertThat(current.getStatus()).isEqualTo(whole);
        }
        assertThat(FillerOrder.told(current, List.of(said), FINE_STATES)).isEmpty();
    }

    static Stream<Arguments> statuses() {
        List<TaskStatus> all = Arrays.stream(TaskStatus.values())
                .filter(status -> status != TaskStatus.NULL
                        && status != TaskStatus.READY
                        && status != TaskStatus.RECEIVED
                        && status != TaskStatus.DRAFT)
                .toList();
        return all.stream().flatMap(whole -> all.stream().map(part -> Arguments.of(whole, part)));
    }

    @ParameterizedTest
    @CsvSource({
        "REQUESTED, REQUESTED, requested",
        "REQUESTED, ACCEPTED, accepted",
        "REQUESTED, INPROGRESS, in-progress",
        "REQUESTED, REJECTED, rejected",
        "ACCEPTED, REJECTED, failed",
        "INPROGRESS, ACCEPTED, in-progress",
        "INPROGRESS, COMPLETED, completed",
        "ACCEPTED, CANCELLED, cancelled",
        "ACCEPTED, ENTEREDINERROR, accepted",
        "CANCELLED, COMPLETED, cancelled"
    })
    void theWholeIsWhereItsPartIs(TaskStatus whole, TaskStatus part, String expected) {
        // When
        List<Task> told = FillerOrder.told(
                Tasks.referral(whole), List.of(Tasks.withReasonAndOutput(Tasks.referral(part))), FINE_STATES);
        // Then
        String status = told.isEmpty()
                ? Tasks.referral(whole).getStatus().toCode()
                : told.getLast().getStatus().toCode();
        assertThat(status).isEqualTo(expected);
    }

    @Test
    void whoWorksSpeaksAndWhileTheNextIsAskedNobodyDoes() {
        // Given
        Task whole = Tasks.referral(TaskStatus.ACCEPTED);
        Task gaveUp =
                Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.CANCELLED)).setOutput(null);
        Task asked = Tasks.referral(TaskStatus.REQUESTED);
        Task working = Tasks.referral(TaskStatus.INPROGRESS);
        // When, Then
        assertThat(FillerOrder.told(whole, List.of(gaveUp, asked), FINE_STATES)).isEmpty();
        assertThat(FillerOrder.told(whole, List.of(gaveUp, working), FINE_STATES))
                .extracting(Task::getStatus)
                .containsExactly(TaskStatus.INPROGRESS);
    }

    @Test
    void ofThoseWhoGaveUpTheLastSpeaks() {
        // Given
        Task first =
                Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.CANCELLED)).setLastModified(new Date(1000));
        Task last = Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.FAILED)).setLastModified(new Date(2000));
        // When
        List<Task> told = FillerOrder.told(Tasks.referral(TaskStatus.ACCEPTED), List.of(last, first), FINE_STATES);
        // Then
        assertThat(told).extracting(Task::getStatus).containsExactly(TaskStatus.FAILED);
    }

    @ParameterizedTest
    @EnumSource(
            value = TaskStatus.class,
            names = {"REQUESTED", "ACCEPTED", "INPROGRESS", "ONHOLD"})
    void whatIsAskedNowIsForWhoWorks(TaskStatus status) {
        // Given
        Task whole = Tasks.referral(TaskStatus.REQUESTED).setDescription("Ring twice");
        Task part = Tasks.referral(status);
        Task ended = Tasks.withReasonAndOutput(Tasks.referral(TaskStatus.REJECTED));
        // When
        List<Task> asked = FillerOrder.asked(whole, List.of(ended, part), FINE_STATES);
        // Then
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().getDescription()).isEqualTo("Ring twice");
        assertThat(asked.getFirst().getStatus()).isEqualTo(status);
        assertThat(FillerOrder.asked(whole, asked, FINE_STATES)).isEmpty();
    }

    private static ServiceRequest original() {
        ServiceRequest original = new ServiceRequest()
                .setStatus(ServiceRequestStatus.ACTIVE)
                .setIntent(ServiceRequestIntent.ORDER)
                .setSubject(new Reference("Patient/ada"))
                .setRequester(new Reference(Tasks.REQUESTER))
                .setCode(new CodeableConcept(new Coding("http://example.org", "rides", null)));
        original.setId("ServiceRequest/sr-1");
        original.addIdentifier().setValue("order-1");
        original.addCategory().addCoding(new Coding("http://example.org", "transport", null));
        original.addBasedOn(new Reference("CarePlan/plan-1"));
        original.addPerformer(new Reference("Organization/wished"));
        original.addPerformer(new Reference("Practitioner/somebody"));
        original.addSupportingInfo(new Reference("Condition/housing"));
        original.getMeta().addSecurity().setCode("R");
        return original;
    }
}
