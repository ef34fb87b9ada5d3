package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.RiskScore.Part;
import org.careloop.transitions.domain.RiskScore.Score;
import org.careloop.transitions.domain.RiskScore.Unavailable;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.hl7.fhir.r4.model.RiskAssessment.RiskAssessmentStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see <a href="https://doi.org/10.1503/cmaj.091117">van Walraven et al. 2010</a> */
class LaceTest {

    private static final LocalDate ADMITTED = LocalDate.of(2026, 11, 12);
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final Lace LACE = Lace.shipped();

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "2,2", "3,3", "4,4", "6,4", "7,5", "13,5", "14,7", "90,7"})
    void givesPointsForTheLengthOfStay(int days, int points) {
        assertThat(part(score(days, false, List.of("Z00.0"), 0), "L")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({"true,3", "false,0"})
    void givesPointsForAnAcuteAdmission(boolean acute, int points) {
        assertThat(part(score(0, acute, List.of("Z00.0"), 0), "A")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({
        "Z00.0, 0",
        "I21.4, 1",
        "I50.23, 2",
        "I21.4 I69.3, 2",
        "F03.90, 3",
        "I21.4 I50.9, 3",
        "B20, 5",
        "I50.9 E11.22, 5",
        "C78.00, 5"
    })
    void givesPointsForComorbidity(String codes, int points) {
        assertThat(part(score(0, false, List.of(codes.split(" ")), 0), "C")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "2,2", "3,3", "4,4", "9,4"})
    void givesPointsForEmergencyVisits(int visits, int points) {
        assertThat(part(score(0, false, List.of("Z00.0"), visits), "E")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({
        "0, false, Z00.0, 0, 0, LOW", "4, false, Z00.0, 0, 4, LOW", "4, false, I21.4, 0, 5, MODERATE",
        "4, true, I50.9, 0, 9, MODERATE", "4, true, F03, 0, 10, HIGH", "14, true, C78.0, 4, 19, HIGH"
    })
    void bandsTheTotal(int days, boolean acute, String code, int visits, int total, RiskBand band) {
        // When
        Score score = score(days, acute, List.of(code), visits);
        // Then
        assertThat(score.total()).isEqualTo(total);
        assertThat(score.band()).isEqualTo(band);
        assertThat(score.version()).isEqualTo("lace-2010-1");
    }

    @Test
    void isUnavailableAndNamesWhatIsMissing() {
        // Given
        LaceInput nothing =
                new LaceInput(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
        // When
        RiskScore result = LACE.score(nothing);
        // Then
        assertThat(result)
                .isEqualTo(new Unavailable(
                        "lace-2010-1",
                        List.of(
                                "date of admission",
                                "date of discharge",
                                "type of admission",
                                "diagnoses in ICD-10-CM",
                                "emergency visits in the 6 months before")));
        assertThat(result.band()).isEqualTo(RiskBand.UNKNOWN);
    }

    @Test
    void isUnavailableWhenDischargeIsBeforeAdmission() {
        // Given
        LaceInput input = new LaceInput(
                Optional.of(ADMITTED),
                Optional.of(ADMITTED.minusDays(1)),
                Optional.of(true),
                List.of("I50.9"),
                Optional.of(0));
        // When
        RiskScore result = LACE.score(input);
        // Then
        assertThat(result)
                .isEqualTo(new Unavailable("lace-2010-1", List.of("length of stay (discharge before admission)")));
    }

    @Test
    void readsItsInputFromTheStoredStay() {
        // Given
        Encounter stay = new Encounter();
        stay.getPeriod().setStartElement(new DateTimeType("2026-11-12T23:30:00-05:00"));
        stay.getPeriod().setEndElement(new DateTimeType("2026-11-18"));
        stay.setPriority(
                new CodeableConcept(new Coding("http://terminology.hl7.org/CodeSystem/v3-ActPriority", "EM", null)));
        Condition failure = condition("I50.23", "confirmed");
        Condition error = condition("B20", "entered-in-error");
        // When
        LaceInput input = LACE.inputOf(stay, List.of(failure, error), Optional.of(1), NEW_YORK);
        // Then
        assertThat(input)
                .isEqualTo(new LaceInput(
                        Optional.of(LocalDate.of(2026, 11, 12)),
                        Optional.of(LocalDate.of(2026, 11, 18)),
                        Optional.of(true),
                        List.of("I50.23"),
                        Optional.of(1)));
    }

    @Test
    void leavesUnknownWhatTheStayDoesNotSay() {
        // When
        LaceInput input = LACE.inputOf(new Encounter(), List.of(), Optional.empty(), NEW_YORK);
        // Then
        assertThat(input)
                .isEqualTo(new LaceInput(
                        Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty()));
    }

    @Test
    void tellsAScoreAsAFinalRiskAssessment() {
        // Given
        Score score = score(6, true, List.of("I50.23", "E11.22"), 0);
        // When
        RiskAssessment told = assess(score);
        // Then
        assertThat(told.getStatus()).isEqualTo(RiskAssessmentStatus.FINAL);
        assertThat(told.getMethod().getCodingFirstRep().getCode()).isEqualTo("lace");
        assertThat(told.getMethod().getCodingFirstRep().getVersion()).isEqualTo("lace-2010-1");
        assertThat(told.getBasisFirstRep().getReference()).isEqualTo("Condition/c1");
        var prediction = told.getPredictionFirstRep();
        assertThat(prediction.getQualitativeRisk().getCodingFirstRep().getCode())
                .isEqualTo("high");
        assertThat(prediction.getRationale()).isEqualTo("L 4 + A 3 + C 5 + E 0 = 12");
        assertThat(((IntegerType) prediction
                                .getExtensionByUrl(ScoreAssessment.TOTAL_EXTENSION)
                                .getValue())
                        .getValue())
                .isEqualTo(12);
        assertThat(prediction.getExtensionsByUrl(ScoreAssessment.PART_EXTENSION))
                .hasSize(4);
        assertThat(prediction.getWhenPeriod().getStartElement().getValueAsString())
                .isEqualTo("2026-11-18T14:00:00-05:00");
        assertThat(prediction.getWhenPeriod().getEndElement().getValueAsString())
                .isEqualTo("2026-12-18T23:59:59-05:00");
        assertThat(FhirJson.parse(FhirJson.write(told)).equalsDeep(told)).isTrue();
    }

    @Test
    void tellsAMissingScoreAsPreliminaryWithoutAPrediction() {
        // When
        RiskAssessment told = assess(new Unavailable("lace-2010-1", List.of("type of admission")));
        // Then
        assertThat(told.getStatus()).isEqualTo(RiskAssessmentStatus.PRELIMINARY);
        assertThat(told.hasPrediction()).isFalse();
        assertThat(told.getNoteFirstRep().getText()).isEqualTo("Score not available; missing: type of admission");
    }

    private static RiskAssessment assess(RiskScore result) {
        return new ScoreAssessment(LACE.kind())
                .of(
                        result,
                        new Reference("Patient/p"),
                        new Reference("Encounter/e"),
                        List.of(new Reference("Condition/c1")),
                        Instant.parse("2026-11-18T19:00:00Z"),
                        NEW_YORK);
    }

    private static Condition condition(String code, String verification) {
        return new Condition()
                .setCode(new CodeableConcept(new Coding("http://hl7.org/fhir/sid/icd-10-cm", code, null)))
                .setVerificationStatus(new CodeableConcept(
                        new Coding("http://terminology.hl7.org/CodeSystem/condition-ver-status", verification, null)));
    }

    private static Score score(int days, boolean acute, List<String> codes, int visits) {
        LaceInput input = new LaceInput(
                Optional.of(ADMITTED),
                Optional.of(ADMITTED.plusDays(days)),
                Optional.of(acute),
                codes,
                Optional.of(visits));
        RiskScore result = LACE.score(input);
        assertThat(result).isInstanceOf(Score.class);
        return (Score) result;
    }

    private static int part(Score score, String code) {
        return score.parts().stream()
                .filter(part -> part.code().equals(code))
                .mapToInt(Part::points)
                .sum();
    }
}
