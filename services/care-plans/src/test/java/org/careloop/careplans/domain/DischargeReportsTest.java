package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;
import org.careloop.careplans.DischargeScene;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.EpisodeOfCare;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Goal;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan is made from, read from the golden events of the patients and transitions services. */
class DischargeReportsTest {

    private static final DischargeScene GOLDEN = DischargeScene.golden();

    private final Patient patient = GOLDEN.resource("patient-created", Patient.class);
    private final Encounter encounter = GOLDEN.resource("encounter-finished", Encounter.class);
    private final RiskAssessment risk = GOLDEN.resource("risk-assessment", RiskAssessment.class);
    private final EpisodeOfCare episode = GOLDEN.resource("episode-of-care-active", EpisodeOfCare.class);

    @Test
    void readsFactsOfDischarge() {
        // When
        DischargeFacts facts = facts().orElseThrow();
        // Then
        assertThat(facts.patient().getReference()).isEqualTo("Patient/ada");
        assertThat(facts.encounter().getReference()).isEqualTo("Encounter/stay-1");
        assertThat(facts.episode().orElseThrow().getReference()).isEqualTo("EpisodeOfCare/episode-of-stay-1");
        assertThat(facts.discharge().at()).isEqualTo(Instant.parse("2026-03-07T20:00:00Z"));
        assertThat(LocalDateTime.ofInstant(
                        facts.discharge().at(), facts.discharge().zone()))
                .isEqualTo(LocalDateTime.parse("2026-03-07T15:00:00"));
        assertThat(facts.discharge().disposition()).isEqualTo("06");
        assertThat(facts.diagnoses())
                .extracting(diagnosis -> diagnosis.code().getCode())
                .contains("I50.23", "E11.22");
        assertThat(facts.riskBand()).contains("high");
        assertThat(facts.milestones())
                .containsEntry("outreach", Instant.parse("2026-03-10T21:00:00Z"))
                .containsEntry("home-health-start", Instant.parse("2026-03-09T20:00:00Z"))
                .hasSize(8);
        assertThat(facts.parties().coordinator().getReference()).isEqualTo("Organization/riverside-clinic");
        assertThat(facts.parties().attending()).isPresent();
        assertThat(facts.parties().primaryCare()).isPresent();
    }

    @Test
    void tellsWhomAndWhichStayEachReportIsAbout() {
        assertThat(DischargeReports.patientOf(patient)).contains("ada");
        assertThat(DischargeReports.patientOf(encounter)).contains("ada");
        assertThat(DischargeReports.patientOf(risk)).contains("ada");
        assertThat(DischargeReports.patientOf(episode)).contains("ada");
        assertThat(DischargeReports.patientOf(new Goal())).isEmpty();
        assertThat(DischargeReports.encounterOf(patient)).isEmpty();
        assertThat(DischargeReports.encounterOf(encounter)).contains("stay-1");
        assertThat(DischargeReports.encounterOf(risk)).contains("stay-1");
        assertThat(DischargeReports.encounterOf(episode)).contains("stay-1");
        assertThat(DischargeReports.encounterOf(new EpisodeOfCare())).isEmpty();
    }

    @Test
    void waitsUntilStayIsFinished() {
        // Given
        encounter.setStatus(EncounterStatus.INPROGRESS);
        // Then
        assertThat(facts()).isEmpty();
    }

    @Test
    void waitsUntilEndIsKnown() {
        // Given
        encounter.setPeriod(new Period());
        // Then
        assertThat(facts()).isEmpty();
    }

    @Test
    void waitsUntilEpisodeIsActive() {
        // Given
        episode.setStatus(EpisodeOfCareStatus.PLANNED);
        // Then
        assertThat(facts()).isEmpty();
    }

    @Test
    void makesNoFactsOfEpisodeWithoutMilestones() {
        // Given
        episode.setExtension(null);
        // Then
        assertThat(facts()).isEmpty();
    }

    /** The patient died, or is in another hospital: the family is not called. */
    @Test
    void makesNoFactsWhenOnlyTheAdmissionAsksForSomething() {
        // Given
        episode.getExtension()
                .removeIf(each -> each.getUrl().equals(SharedTerms.MILESTONE_EXTENSION)
                        && !each.getExtensionString("code").equals("admission-notification"));
        assertThat(episode.getExtensionsByUrl(SharedTerms.MILESTONE_EXTENSION)).hasSize(1);
        // Then
        assertThat(facts()).isEmpty();
    }

    @Test
    void tellsHowTheFirstStayOfATransferFollowsFromAnother() {
        assertThat(facts().orElseThrow().relations()).isEmpty();
        // Given
        Extension stay = episode.addExtension().setUrl(SharedTerms.INDEX_STAY_EXTENSION);
        stay.addExtension("relation", new CodeType("direct-transfer"));
        stay.addExtension("first-relation", new CodeType("same-day-return"));
        // Then
        assertThat(facts().orElseThrow().relations()).containsExactlyInAnyOrder("direct-transfer", "same-day-return");
    }

    @Test
    void leavesRiskOutThatWasNotComputed() {
        // Given
        risk.setPrediction(null);
        encounter.setHospitalization(null);
        // When
        DischargeFacts facts = facts().orElseThrow();
        // Then
        assertThat(facts.riskBand()).isEmpty();
        assertThat(facts.discharge().disposition()).isEmpty();
    }

    /** What is known in part makes nobody a child who may be grown up. */
    @ParameterizedTest
    @CsvSource({"2008-03-08, 17", "2008-03-07, 18", "2008-03, 18", "2008, 18", "2009, 17"})
    void readsAgeOnDayOfDischarge(String born, int age) {
        // Given
        patient.setBirthDateElement(new DateType(born));
        // When, Then
        assertThat(facts().orElseThrow().age()).contains(age);
    }

    @Test
    void putsFirstWhatTheStayWasFor() {
        // Given
        encounter.getDiagnosis().get(1).setRank(2);
        encounter.getDiagnosis().get(2).setRank(1);
        // When
        DischargeFacts facts = facts().orElseThrow();
        // Then
        assertThat(facts.diagnoses())
                .extracting(diagnosis -> diagnosis.code().getCode())
                .containsExactly("E11.22", "I50.23");
        assertThat(facts.diagnoses().getFirst().condition().orElseThrow().getReference())
                .isEqualTo("Condition/E1122");
    }

    private Optional<DischargeFacts> facts() {
        return DischargeReports.facts(patient, encounter, risk, episode);
    }
}
