package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.hl7.fhir.r4.model.RiskAssessment.RiskAssessmentStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyRiskTest {

    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final Instant DISCHARGED = Instant.parse("2026-03-07T20:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-03-03T10:00:00-05:00, true",
        "2026-03-07T14:59:59-05:00, true",
        "2026-03-07T15:00:00-05:00, false",
        "2026-03-08T10:00:00-05:00, false",
        "2026-03-06, true",
        // Of that day nobody knows whether it was before
        "2026-03-07, false",
        "2026-03, false"
    })
    void isMadeBeforeTheDischarge(String made, boolean early) {
        assertThat(isEarly(risk("1").setOccurrence(new DateTimeType(made)))).isEqualTo(early);
    }

    @Test
    void lastedUntilBeforeTheDischargeOrWasToldBefore() {
        Period period = new Period().setStartElement(new DateTimeType("2026-03-05T10:00:00-05:00"));
        assertThat(isEarly(risk("1").setOccurrence(period))).isTrue();
        period.setEndElement(new DateTimeType("2026-03-09T10:00:00-05:00"));
        assertThat(isEarly(risk("1").setOccurrence(period))).isFalse();
        assertThat(isEarly(risk("1"))).isFalse();
        RiskAssessment told = risk("1");
        told.getMeta().setLastUpdated(Date.from(DISCHARGED.minusSeconds(1)));
        assertThat(isEarly(told)).isTrue();
        told.getMeta().setLastUpdated(Date.from(DISCHARGED));
        assertThat(isEarly(told)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "FINAL, true",
        "AMENDED, true",
        "CORRECTED, true",
        "PRELIMINARY, false",
        "REGISTERED, false",
        "CANCELLED, false",
        "ENTEREDINERROR, false"
    })
    void stands(RiskAssessmentStatus status, boolean early) {
        assertThat(isEarly(early("1").setStatus(status))).isEqualTo(early);
    }

    @Test
    void saysHowGreatTheRiskIs() {
        RiskAssessment risk = early("1");
        risk.setPrediction(null);
        assertThat(isEarly(risk)).isFalse();
        risk.addPrediction().setOutcome(new CodeableConcept().setText("Readmission"));
        assertThat(isEarly(risk)).isFalse();
        risk.getPredictionFirstRep().setProbability(new DecimalType("0.2"));
        assertThat(isEarly(risk)).isTrue();
    }

    @Test
    void isTheFirstThatIsNotThePlatformsOwn() {
        RiskAssessment first = risk("z").setOccurrence(new DateTimeType("2026-03-03T10:00:00-05:00"));
        RiskAssessment second = risk("a").setOccurrence(new DateTimeType("2026-03-04T10:00:00-05:00"));
        assertThat(EarlyRisk.of(List.of(second, first), Set.of(), DISCHARGED, ZONE))
                .contains("z");
        assertThat(EarlyRisk.of(List.of(second, first), Set.of("z"), DISCHARGED, ZONE))
                .contains("a");
        assertThat(EarlyRisk.of(List.of(second, first), Set.of("z", "a"), DISCHARGED, ZONE))
                .isEmpty();
    }

    private static boolean isEarly(RiskAssessment risk) {
        return EarlyRisk.of(List.of(risk), Set.of(), DISCHARGED, ZONE).equals(Optional.of("1"));
    }

    private static RiskAssessment early(String id) {
        return risk(id).setOccurrence(new DateTimeType("2026-03-03T10:00:00-05:00"));
    }

    private static RiskAssessment risk(String id) {
        RiskAssessment risk = new RiskAssessment();
        risk.setId(id);
        risk.setStatus(RiskAssessmentStatus.FINAL)
                .addPrediction()
                .setQualitativeRisk(new CodeableConcept(
                        new Coding("http://terminology.hl7.org/CodeSystem/risk-probability", "high", null)));
        return risk;
    }
}
