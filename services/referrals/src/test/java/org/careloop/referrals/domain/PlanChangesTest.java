package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.CarePlan.CarePlanStatus;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestStatus;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows for work that was handed out when its plan changes. */
class PlanChangesTest {

    private static final CodeableConcept WHY = new CodeableConcept(
                    new Coding(SharedTerms.PLAN_REASON_SYSTEM, "diagnoses-changed", null))
            .setText("The diagnoses of the stay have changed");

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, REQUESTED, true",
        "ONHOLD, REQUESTED, true",
        "ACTIVE, REJECTED, true",
        "ACTIVE, CANCELLED, true",
        "ACTIVE, ACCEPTED, false",
        "ACTIVE, INPROGRESS, false",
        "ACTIVE, ONHOLD, false",
        "ACTIVE, COMPLETED, false",
        "ACTIVE, FAILED, false",
        "COMPLETED, COMPLETED, false",
        "REVOKED, CANCELLED, false",
    })
    void revokesRequestThatNobodyHasBegun(ServiceRequestStatus request, TaskStatus task, boolean revoked) {
        // Given
        List<Task> tasks = List.of(new Task().setStatus(TaskStatus.REJECTED), new Task().setStatus(task));
        // When, Then
        assertThat(PlanChanges.revoked(new ServiceRequest().setStatus(request), tasks, WHY)
                        .filter(each -> each.getStatus() == ServiceRequestStatus.REVOKED)
                        .isPresent())
                .isEqualTo(revoked);
    }

    @ParameterizedTest
    @EnumSource(value = TaskStatus.class, names = "NULL", mode = EnumSource.Mode.EXCLUDE)
    void cancelsOwnTaskOnlyWhileItIsReady(TaskStatus status) {
        // When
        var cancelled = PlanChanges.cancelled(new Task().setStatus(status), WHY);
        // Then
        assertThat(cancelled.isPresent()).isEqualTo(status == TaskStatus.READY);
        cancelled.ifPresent(task ->
                assertThat(task.getStatusReason().getText()).isEqualTo("The diagnoses of the stay have changed"));
    }

    @Test
    void movesTheTimeThatThePlanHadGiven() {
        // Given two changes, one after the other; the first time is written in another zone
        List<Extension> changes = List.of(change(10, 11), change(11, 12));
        Task task = new Task().setStatus(TaskStatus.READY);
        task.getRestriction()
                .setPeriod(new Period()
                        .setStartElement(FhirTime.dateTime(day(1), ZoneId.of("America/New_York")))
                        .setEndElement(FhirTime.dateTime(day(10), ZoneId.of("America/New_York"))));
        // When
        Task moved = PlanChanges.at(task, changes).orElseThrow();
        // Then
        assertThat(moved.getRestriction().getPeriod().equalsDeep(period(12))).isTrue();
        assertThat(PlanChanges.at(moved, changes)).isEmpty();
        assertThat(PlanChanges.at(task.copy().setStatus(TaskStatus.COMPLETED), changes))
                .isEmpty();
    }

    @Test
    void leavesTheTimeThatAPersonHasSet() {
        // Given
        ServiceRequest request = new ServiceRequest().setStatus(ServiceRequestStatus.ACTIVE);
        request.setOccurrence(period(9));
        // When, Then
        assertThat(PlanChanges.at(request, List.of(change(10, 11)))).isEmpty();
    }

    @Test
    void pausesAndResumesOnce() {
        // Given
        ServiceRequest request = new ServiceRequest().setStatus(ServiceRequestStatus.ACTIVE);
        // When
        ServiceRequest paused = PlanChanges.paused(request, 2).orElseThrow();
        ServiceRequest resumed = PlanChanges.resumed(paused, 3).orElseThrow();
        // Then
        assertThat(paused.getStatus()).isEqualTo(ServiceRequestStatus.ONHOLD);
        assertThat(resumed.getStatus()).isEqualTo(ServiceRequestStatus.ACTIVE);
        assertThat(PlanChanges.resumed(paused, 1)).as("old news").isEmpty();
        assertThat(PlanChanges.paused(resumed, 2)).as("old news").isEmpty();
        assertThat(PlanChanges.paused(resumed, 4)).isPresent();
    }

    @Test
    void resumesNothingThatTheRequesterHasPaused() {
        // Given
        ServiceRequest request = new ServiceRequest().setStatus(ServiceRequestStatus.ONHOLD);
        ServiceRequest resumed = PlanChanges.resumed(
                        PlanChanges.paused(new ServiceRequest().setStatus(ServiceRequestStatus.ACTIVE), 2)
                                .orElseThrow(),
                        3)
                .orElseThrow();
        // When, Then
        assertThat(PlanChanges.resumed(request, 2)).isEmpty();
        assertThat(PlanChanges.resumed(resumed.setStatus(ServiceRequestStatus.ONHOLD), 4))
                .isEmpty();
        assertThat(PlanChanges.paused(request, 2)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ONHOLD, readmitted, true",
        "ONHOLD, discharge-cancelled, true",
        "ONHOLD, coordination-suspended, true",
        "ACTIVE, coordination-resumed, false",
        "ONHOLD, discharged-again, false",
        "ACTIVE, readmission-cancelled, false",
        "REVOKED, replaced, false",
    })
    void readsWhetherWorkStandsStill(CarePlanStatus status, String reason, boolean paused) {
        // Given
        CarePlan plan = new CarePlan().setStatus(status);
        plan.addExtension(
                SharedTerms.PLAN_STATUS_REASON_EXTENSION,
                new CodeableConcept(new Coding(SharedTerms.PLAN_REASON_SYSTEM, reason, null)));
        // When, Then
        assertThat(PlanChanges.isPaused(plan)).contains(paused);
        assertThat(PlanChanges.isPaused(new CarePlan().setStatus(status))).isEmpty();
    }

    private static Extension change(int from, int to) {
        Extension change = new Extension(SharedTerms.ACTIVITY_RESCHEDULED_EXTENSION);
        change.addExtension("from", period(from));
        change.addExtension("to", period(to));
        return change;
    }

    private static Period period(int until) {
        return FhirTime.period(day(1), day(until), ZoneOffset.UTC);
    }

    private static Instant day(int day) {
        return Instant.parse("2026-03-%02dT20:00:00Z".formatted(day));
    }
}
