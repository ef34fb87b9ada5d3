package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.EncounterStep.Clocks.NONE;
import static org.careloop.transitions.domain.EncounterStep.Clocks.START;
import static org.careloop.transitions.domain.EncounterStep.Clocks.STOP;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.careloop.transitions.domain.EncounterStep.Clocks;
import org.careloop.transitions.domain.EncounterStep.Details;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncounterTimelineTest {

    private static final Instant NOON = Instant.parse("2026-11-18T17:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @ParameterizedTest
    @CsvSource({
        "A01, in-progress, NONE",
        "A02, in-progress, NONE",
        "A03, finished, START",
        "A04, planned, NONE",
        "A08, unknown, NONE",
        "A11, cancelled, NONE",
        "A13, in-progress, NONE"
    })
    void startsAnEncounterByItsFirstEvent(TriggerEvent event, String status, Clocks clocks) {
        // When
        EncounterStep step = EncounterTimeline.decide(Optional.empty(), event, NOON, EncounterStatus.PLANNED);
        // Then
        assertThat(step.next()).isEqualTo(new EncounterState(EncounterStatus.fromCode(status), event, NOON, NOON));
        assertThat(step.clocks()).isEqualTo(clocks);
        assertThat(step.details()).isEqualTo(Details.REPLACE);
        assertThat(step.late()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "planned, A01, in-progress, NONE",
        "planned, A04, in-progress, NONE",
        "planned, A02, in-progress, NONE",
        "planned, A08, planned, NONE",
        "planned, A03, finished, START",
        "planned, A11, cancelled, RETRACT",
        "planned, A13, planned, NONE",
        "in-progress, A01, in-progress, NONE",
        "in-progress, A04, in-progress, NONE",
        "in-progress, A02, in-progress, NONE",
        "in-progress, A08, in-progress, NONE",
        "in-progress, A03, finished, START",
        "in-progress, A11, cancelled, RETRACT",
        "in-progress, A13, in-progress, NONE",
        "unknown, A01, in-progress, NONE",
        "unknown, A04, in-progress, NONE",
        "unknown, A02, in-progress, NONE",
        "unknown, A08, unknown, NONE",
        "unknown, A03, finished, START",
        "unknown, A11, cancelled, RETRACT",
        "unknown, A13, in-progress, NONE",
        "finished, A01, finished, NONE",
        "finished, A04, finished, NONE",
        "finished, A02, finished, NONE",
        "finished, A08, finished, NONE",
        "finished, A03, finished, NONE",
        "finished, A11, cancelled, RETRACT",
        "finished, A13, in-progress, STOP",
        "cancelled, A01, in-progress, NONE",
        "cancelled, A04, in-progress, NONE",
        "cancelled, A02, cancelled, NONE",
        "cancelled, A08, cancelled, NONE",
        "cancelled, A03, finished, START",
        "cancelled, A11, cancelled, NONE",
        "cancelled, A13, cancelled, NONE"
    })
    void followsTheTable(String stored, TriggerEvent event, String next, Clocks clocks) {
        // Given
        EncounterState state = new EncounterState(
                EncounterStatus.fromCode(stored), TriggerEvent.A01, NOON.minus(HOUR), NOON.minus(HOUR));
        // When
        EncounterStep step = EncounterTimeline.decide(Optional.of(state), event, NOON, EncounterStatus.INPROGRESS);
        // Then
        assertThat(step.next().status().toCode()).isEqualTo(next);
        assertThat(step.clocks()).isEqualTo(clocks);
        assertThat(step.clearsDischarge()).isEqualTo(clocks == STOP);
        assertThat(step.details()).isEqualTo(Details.REPLACE);
        assertThat(step.late()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "finished, A03, A01",
        "finished, A03, A02",
        "finished, A03, A13",
        "finished, A03, A11",
        "finished, A03, A04",
        "cancelled, A11, A01",
        "cancelled, A11, A03",
        "in-progress, A13, A03",
        "in-progress, A02, A11"
    })
    void keepsTheStatusWhenAnEventComesLate(String stored, TriggerEvent last, TriggerEvent late) {
        // Given
        EncounterState state = new EncounterState(EncounterStatus.fromCode(stored), last, NOON, NOON);
        // When
        EncounterStep step =
                EncounterTimeline.decide(Optional.of(state), late, NOON.minus(HOUR), EncounterStatus.INPROGRESS);
        // Then
        assertThat(step).isEqualTo(new EncounterStep(state, Details.FILL_ABSENT, NONE, false, true));
    }

    @Test
    void finishesAnOpenEncounterByADischargeThatWasToldLate() {
        // Given
        EncounterState transferred = new EncounterState(EncounterStatus.INPROGRESS, TriggerEvent.A02, NOON, NOON);
        // When
        EncounterStep step = EncounterTimeline.decide(
                Optional.of(transferred), TriggerEvent.A03, NOON.minus(HOUR), EncounterStatus.FINISHED);
        // Then
        assertThat(step.next()).isEqualTo(new EncounterState(EncounterStatus.FINISHED, TriggerEvent.A03, NOON, NOON));
        assertThat(step.clocks()).isEqualTo(START);
        assertThat(step.details()).isEqualTo(Details.FILL_ABSENT);
    }

    @Test
    void startsTheClocksAgainAfterACancelledDischarge() {
        // Given
        EncounterStep discharged =
                EncounterTimeline.decide(Optional.empty(), TriggerEvent.A03, NOON, EncounterStatus.FINISHED);
        EncounterStep reopened = EncounterTimeline.decide(
                Optional.of(discharged.next()), TriggerEvent.A13, NOON.plus(HOUR), EncounterStatus.INPROGRESS);
        // When
        EncounterStep again = EncounterTimeline.decide(
                Optional.of(reopened.next()), TriggerEvent.A03, NOON.plus(HOUR).plus(HOUR), EncounterStatus.FINISHED);
        // Then
        assertThat(reopened.clocks()).isEqualTo(STOP);
        assertThat(again.clocks()).isEqualTo(START);
    }

    @Test
    void doesNotLetAnUpdateHideALateDischarge() {
        // Given
        EncounterState admitted =
                new EncounterState(EncounterStatus.INPROGRESS, TriggerEvent.A01, NOON.minus(HOUR), NOON.minus(HOUR));
        EncounterState updated = EncounterTimeline.decide(
                        Optional.of(admitted), TriggerEvent.A08, NOON.plus(HOUR), EncounterStatus.UNKNOWN)
                .next();
        // When
        EncounterStep step =
                EncounterTimeline.decide(Optional.of(updated), TriggerEvent.A03, NOON, EncounterStatus.FINISHED);
        // Then
        assertThat(step.next())
                .isEqualTo(new EncounterState(EncounterStatus.FINISHED, TriggerEvent.A03, NOON, NOON.plus(HOUR)));
        assertThat(step.clocks()).isEqualTo(START);
        assertThat(step.details()).isEqualTo(Details.FILL_ABSENT);
    }

    @Test
    void keepsTheStatusOfTheStoredEncounterOnAnUpdate() {
        // Given
        Encounter stored = new Encounter().setStatus(EncounterStatus.FINISHED);
        Encounter told = new Encounter().setStatus(EncounterStatus.UNKNOWN);
        EncounterState state = new EncounterState(EncounterStatus.FINISHED, TriggerEvent.A03, NOON, NOON);
        EncounterStep step = EncounterTimeline.decide(
                Optional.of(state), TriggerEvent.A08, NOON.plus(HOUR), EncounterStatus.UNKNOWN);
        // When
        Encounter after = EncounterTimeline.apply(Optional.of(stored), told, Set.of(), step);
        // Then
        assertThat(after.getStatus()).isEqualTo(EncounterStatus.FINISHED);
    }

    @Test
    void clearsEndAndDispositionWhenADischargeIsCancelled() {
        // Given
        Encounter stored = new Encounter().setStatus(EncounterStatus.FINISHED);
        stored.getPeriod()
                .setStartElement(new DateTimeType("2026-11-12"))
                .setEndElement(new DateTimeType("2026-11-18"));
        stored.getHospitalization()
                .setDischargeDisposition(new CodeableConcept().setText("home"))
                .setAdmitSource(new CodeableConcept().setText("emergency"));
        Encounter told = new Encounter().setStatus(EncounterStatus.INPROGRESS);
        told.getPeriod().setStartElement(new DateTimeType("2026-11-12"));
        told.getHospitalization().setAdmitSource(new CodeableConcept().setText("emergency"));
        EncounterState state = new EncounterState(EncounterStatus.FINISHED, TriggerEvent.A03, NOON, NOON);
        EncounterStep step = EncounterTimeline.decide(
                Optional.of(state), TriggerEvent.A13, NOON.plus(HOUR), EncounterStatus.INPROGRESS);
        // When
        Encounter after = EncounterTimeline.apply(Optional.of(stored), told, Set.of(), step);
        // Then
        assertThat(after.getStatus()).isEqualTo(EncounterStatus.INPROGRESS);
        assertThat(after.getPeriod().hasEnd()).isFalse();
        assertThat(after.getHospitalization().hasDischargeDisposition()).isFalse();
        assertThat(after.getHospitalization().getAdmitSource().getText()).isEqualTo("emergency");
    }
}
