package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestPriority;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which change of a request its agencies are told of. */
class AmendmentTest {

    private static final Instant AT = Instant.parse("2026-11-13T15:00:00Z");

    @ParameterizedTest
    @MethodSource
    void tellsOf(Consumer<ServiceRequest> change) {
        assertThat(isAmended(change)).isTrue();
    }

    static Stream<Consumer<ServiceRequest>> tellsOf() {
        return Stream.of(
                request -> request.setOccurrence(new Period().setEndElement(new DateTimeType("2026-12-24"))),
                request -> request.setOccurrence(new DateTimeType("2026-12-24")),
                request -> request.setPriority(ServiceRequestPriority.STAT),
                request -> request.setCode(new CodeableConcept().setText("Rides")),
                request -> request.setAsNeeded(new BooleanType(true)),
                request -> request.addNote().setText("Ring the back door"),
                request -> request.addSupportingInfo(new Reference("Observation/o-1")));
    }

    @ParameterizedTest
    @MethodSource
    void saysNothingOf(Consumer<ServiceRequest> change) {
        assertThat(isAmended(change)).isFalse();
    }

    static Stream<Consumer<ServiceRequest>> saysNothingOf() {
        return Stream.of(
                request -> {},
                ServiceRequest::getCode,
                request -> request.setStatus(ServiceRequestStatus.ONHOLD),
                request -> request.addPerformer(new Reference("Organization/next")),
                request -> request.getMeta().setVersionId("8"),
                request -> request.getText().setDivAsString("<div>Rides</div>"));
    }

    @Test
    void tellsThoseWhoAreAskedOrAtWork() {
        List<TaskStatus> told = Stream.of(TaskStatus.values())
                .filter(status -> status != TaskStatus.NULL)
                .filter(status ->
                        !Amendment.told(List.of(Tasks.referral(status)), AT).isEmpty())
                .toList();
        assertThat(told)
                .containsExactlyInAnyOrder(
                        TaskStatus.REQUESTED,
                        TaskStatus.RECEIVED,
                        TaskStatus.ACCEPTED,
                        TaskStatus.READY,
                        TaskStatus.INPROGRESS,
                        TaskStatus.ONHOLD);
    }

    @Test
    void onlyTheServerTells() {
        // Given
        Task told =
                Amendment.told(List.of(Tasks.referral(TaskStatus.ACCEPTED)), AT).getFirst();
        Task edited = Tasks.referral(TaskStatus.ACCEPTED);
        // When
        Amendment.keep(Optional.of(told), edited);
        // Then
        assertThat(edited.equalsDeep(told)).isTrue();
        // When
        Amendment.keep(Optional.of(Tasks.referral(TaskStatus.ACCEPTED)), edited);
        // Then
        assertThat(edited.equalsDeep(Tasks.referral(TaskStatus.ACCEPTED))).isTrue();
    }

    private static boolean isAmended(Consumer<ServiceRequest> change) {
        ServiceRequest before = new ServiceRequest().setStatus(ServiceRequestStatus.ACTIVE);
        ServiceRequest after = before.copy();
        change.accept(after);
        return Amendment.is(before, after);
    }
}
