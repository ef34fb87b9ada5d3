package org.careloop.transitions.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.hl7.Messages.admission;
import static org.careloop.transitions.hl7.Messages.discharge;
import static org.careloop.transitions.hl7.Messages.facts;
import static org.careloop.transitions.hl7.Messages.with;
import static org.careloop.transitions.hl7.Messages.without;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.DischargeDestination;
import org.careloop.transitions.domain.StayEvent;
import org.careloop.transitions.domain.StayStep;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the events of ADT messages say of a stay, and when.
 *
 * @see <a href="https://hl7.org/fhir/uv/v2mappings/">HL7 v2-to-FHIR</a>
 */
class AdtEventsTest {

    @Test
    void tellsWhatHappenedWhenAndWhereTo() {
        // When
        AdtFacts.Event event = facts(discharge()).event();
        // Then
        assertThat(event.code()).isEqualTo("A03");
        assertThat(event.step()).contains(StayStep.DISCHARGE);
        assertThat(event.when())
                .isEqualTo(new StayEvent.Times(
                        Instant.parse("2026-11-18T19:15:00Z"),
                        Instant.parse("2026-11-18T19:15:02Z"),
                        Instant.parse("2026-11-18T19:00:00Z"),
                        Messages.RECEIVED));
        Encounter encounter = facts(discharge()).encounter().orElseThrow();
        assertThat(encounter.getPeriod().getEnd().toInstant()).isEqualTo(Instant.parse("2026-11-18T19:00:00Z"));
        assertThat(DischargeDestination.named(encounter.getHospitalization().getDischargeDisposition()))
                .contains(DischargeDestination.HOME_HEALTH);
    }

    @Test
    void tellsClearedFromAbsent() {
        // Given
        String message = with(with(admission(), "PID", 13, "\"\""), "PV1", 10, "");
        // When
        AdtFacts facts = facts(message);
        // Then
        assertThat(facts.cleared()).containsExactly("Patient.telecom");
        assertThat(facts.patient().getTelecom())
                .extracting(point -> point.getValue())
                .containsExactly("(413) 5550199");
    }

    @ParameterizedTest
    @CsvSource({
        "A01, I, ADMIT",
        "A02, I, MOVE",
        "A03, I, DISCHARGE",
        "A04, E, ADMIT",
        "A04, P, PLAN",
        "A05, P, PLAN",
        "A06, I, RECLASS",
        "A07, O, RECLASS",
        "A08, I, UPDATE",
        "A11, I, CANCEL_ADMIT",
        "A12, I, CANCEL_MOVE",
        "A13, I, CANCEL_DISCHARGE",
        "A17, I, MOVE",
        "A21, I, LEAVE",
        "A22, I, RETURN",
        "A38, P, CANCEL_PLAN"
    })
    void tellsWhatTheEventSaysOfTheStay(String event, String patientClass, StayStep step) {
        // Given
        String message = with(with(discharge(), "MSH", 9, "ADT^" + event), "PV1", 2, patientClass);
        // When
        AdtFacts facts = facts(message);
        // Then
        assertThat(facts.event().code()).isEqualTo(event);
        assertThat(facts.event().step()).contains(step);
        assertThat(facts.encounter()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A28", "A31"})
    void tellsOfThePersonAlone(String event) {
        // When
        AdtFacts facts = facts(with(admission(), "MSH", 9, "ADT^" + event));
        // Then
        assertThat(facts.event().step()).isEmpty();
        assertThat(facts.encounter()).isEmpty();
        assertThat(facts.related().conditions()).isEmpty();
        assertThat(facts.related().relatedPersons()).isNotEmpty();
    }

    @Test
    void takesAnUpdateWithoutAVisitForOneOfThePerson() {
        // When
        AdtFacts facts = facts(with(without(without(admission(), "PV1"), "DG1"), "MSH", 9, "ADT^A08"));
        // Then
        assertThat(facts.event().step()).isEmpty();
        assertThat(facts.encounter()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A34", "A40"})
    void tellsWhichNumberIsNoMore(String event) {
        // When
        AdtFacts facts =
                facts(with(without(admission(), "PV1"), "MSH", 9, "ADT^" + event) + "MRG|MRN000001^^^GENHOSP^MR\r");
        // Then
        assertThat(facts.merged()).hasValueSatisfying(gone -> {
            assertThat(gone.getSystem()).isEqualTo("https://careloop.org/fhir/sid/general-hospital/mrn");
            assertThat(gone.getValue()).isEqualTo("MRN000001");
        });
        assertThat(facts.encounter()).isEmpty();
    }

    @Test
    void tellsOfBothPatientsOfASwap() {
        // Given
        String other = Arrays.stream(admission().split("\r"))
                .filter(line -> line.startsWith("PID|") || line.startsWith("PV1|"))
                .map(line -> line.replace("MRN100234", "MRN7")
                        .replace("V2026-77001", "V7")
                        .replace("4E^412^B", "5W^1^A"))
                .collect(Collectors.joining("\r", "", "\r"));
        String message = with(without(without(admission(), "DG1"), "AL1"), "MSH", 9, "ADT^A17") + other;
        // When
        List<AdtFacts> parts = Messages.parts(message);
        // Then
        assertThat(parts)
                .extracting(part -> part.patientIdentifier().getValue())
                .containsExactly("MRN100234", "MRN7");
        assertThat(parts)
                .extracting(part -> part.encounter()
                        .orElseThrow()
                        .getLocationFirstRep()
                        .getLocation()
                        .getDisplay())
                .containsExactly("4E, 412, B, GENHOSP", "5W, 1, A, GENHOSP");
    }

    @Test
    void doesNotBelieveAClockThatIsAhead() {
        // When
        AdtFacts.Event event = facts(with(with(admission(), "EVN", 2, "20290101"), "MSH", 7, "20290101"))
                .event();
        // Then
        assertThat(event.when().recorded()).isEqualTo(Instant.parse("2026-11-12T13:15:00Z"));
        assertThat(event.when().sent()).isEqualTo(Messages.RECEIVED);
    }

    @Test
    void putsWhatIsEnteredAheadOfTimeWhereItWasEntered() {
        // Given a discharge that is entered, and sent, at 14:15 for 17:00
        String message = with(with(discharge(), "EVN", 6, "20261118170000-0500"), "PV1", 45, "20261118170000-0500");
        // When
        StayEvent.Times when = facts(message).event().when();
        // Then it can be cancelled at 15:00
        assertThat(when.recorded()).isEqualTo(Instant.parse("2026-11-18T19:15:00Z"));
        assertThat(when.at()).isEqualTo(Instant.parse("2026-11-18T22:00:00Z"));
    }

    @Test
    void putsACancellationWhereItWasEntered() {
        // Given EVN-6, which of a cancellation is when that happened which is cancelled
        String message = with(discharge(), "MSH", 9, "ADT^A13");
        // When
        StayEvent.Times when = facts(with(message, "EVN", 2, "")).event().when();
        // Then
        assertThat(when.recorded()).isEqualTo(Instant.parse("2026-11-18T19:15:02Z"));
        assertThat(when.at()).isEqualTo(Instant.parse("2026-11-18T19:00:00Z"));
    }

    @Test
    void leavesTheDischargeOutOfACancelledDischarge() {
        // Given
        String message = with(discharge(), "MSH", 9, "ADT^A13^ADT_A01");
        // When
        Encounter encounter = facts(message).encounter().orElseThrow();
        // Then
        assertThat(encounter.getPeriod().hasEnd()).isFalse();
        assertThat(encounter.getHospitalization().hasDischargeDisposition()).isFalse();
    }

    @Test
    void startsNoPeriodForAPlannedVisit() {
        // Given
        String message = with(with(with(admission(), "MSH", 9, "ADT^A04"), "PV1", 2, "P"), "PV1", 44, "");
        // When
        Encounter encounter = facts(message).encounter().orElseThrow();
        // Then
        assertThat(encounter.hasPeriod()).isFalse();
    }

    @Test
    void startsThePeriodWithTheEventWhenThereIsNoTimeOfAdmission() {
        // When
        Encounter encounter =
                facts(with(admission(), "PV1", 44, "")).encounter().orElseThrow();
        // Then
        assertThat(encounter.getPeriod().getStartElement().getValueAsString()).isEqualTo("2026-11-12T08:15:00-05:00");
    }

    @Test
    void labelsAProtectedVisitAsRestricted() {
        // When
        Encounter encounter =
                facts(with(admission(), "PV2", 22, "Y")).encounter().orElseThrow();
        // Then
        assertThat(encounter.getMeta().getSecurityFirstRep().getCode()).isEqualTo("R");
    }

    @Test
    void tellsADeathByItsTime() {
        // When
        Patient patient = facts(with(admission(), "PID", 29, "20261112")).patient();
        // Then
        assertThat(patient.getDeceasedDateTimeType().getValueAsString()).isEqualTo("2026-11-12");
    }
}
