package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.careloop.transitions.domain.HospitalScore.Input;
import org.careloop.transitions.domain.RiskScore.Part;
import org.careloop.transitions.domain.RiskScore.Score;
import org.careloop.transitions.domain.RiskScore.Unavailable;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Procedure.ProcedureStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RiskAssessment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row of the published table, its bands, and what is missing. */
class HospitalScoreTest {

    private static final HospitalScore HOSPITAL = HospitalScore.shipped();
    private static final ZoneId ZONE = ZoneId.of("America/New_York");

    private final Encounter stay = stay("MED", "EL", "2026-03-03", "2026-03-05");
    private final List<Observation> tests =
            new ArrayList<>(List.of(test("718-7", "13.0", "g/dL", 4), test("2951-2", "140", "mmol/L", 4)));
    private final List<Procedure> procedures = new ArrayList<>();

    @Test
    void isNoneOfAllForALowRisk() {
        // When
        Score score = score(1);
        // Then
        assertThat(score.total()).isZero();
        assertThat(score.band()).isEqualTo(RiskBand.LOW);
        assertThat(score.version()).isEqualTo("hospital-2016-1");
        assertThat(score.parts()).extracting(Part::code).containsExactly("H", "O", "S", "P", "IT", "A", "L");
    }

    @ParameterizedTest
    @CsvSource({"12.0, g/dL, 0", "11.9, g/dL, 1", "120, g/L, 0", "119, g/L, 1"})
    void countsAHemoglobinBelow12(String value, String unit, int points) {
        tests.set(0, test("718-7", value, unit, 4));
        assertThat(part(score(0), "H")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({"135, mmol/L, 0", "134.9, mmol/L, 1", "134, mEq/L, 1"})
    void countsASodiumBelow135(String value, String unit, int points) {
        tests.set(1, test("2951-2", value, unit, 4));
        assertThat(part(score(0), "S")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({"MED, 0", "ONC, 2", "394593009, 2"})
    void countsAnOncologyService(String service, int points) {
        stay.setServiceType(new CodeableConcept(new Coding("urn:services", service, null)));
        assertThat(part(score(0), "O")).isEqualTo(points);
    }

    @Test
    void countsAnyProcedureWithAnIcdCodeOnce() {
        procedures.add(procedure("http://snomed.info/sct", ProcedureStatus.COMPLETED));
        procedures.add(procedure("http://www.cms.gov/Medicare/Coding/ICD10", ProcedureStatus.NOTDONE));
        assertThat(part(score(0), "P")).isZero();
        procedures.add(procedure("http://www.cms.gov/Medicare/Coding/ICD10", ProcedureStatus.COMPLETED));
        procedures.add(procedure("http://www.cms.gov/Medicare/Coding/ICD10", ProcedureStatus.COMPLETED));
        assertThat(part(score(0), "P")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"EL, 0", "R, 0", "UR, 1", "EM, 1"})
    void countsAnUrgentAdmission(String priority, int points) {
        stay.setPriority(new CodeableConcept(new Coding("urn:priorities", priority, null)));
        assertThat(part(score(0), "IT")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 2", "5, 2", "6, 5", "12, 5"})
    void countsAdmissionsOfTheYearBefore(int admissions, int points) {
        assertThat(part(score(admissions), "A")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({"2026-03-03, 0", "2026-03-07, 0", "2026-03-08, 2", "2026-04-08, 2"})
    void countsAStayOf5DaysAndMore(String left, int points) {
        stay.getPeriod().setEndElement(new DateTimeType(left));
        tests.set(0, test("718-7", "13", "g/dL", 3));
        tests.set(1, test("2951-2", "140", "mmol/L", 3));
        assertThat(part(score(0), "L")).isEqualTo(points);
    }

    @ParameterizedTest
    @CsvSource({
        "ONC, EM, 13, 1, 2026-03-05, 3, LOW",
        "ONC, EL, 11, 2, 2026-03-05, 5, MODERATE",
        "ONC, EM, 11, 2, 2026-03-05, 6, MODERATE",
        "ONC, EL, 11, 2, 2026-03-09, 7, HIGH",
        "ONC, EM, 11, 6, 2026-03-09, 11, HIGH"
    })
    void hasThePublishedBands(
            String service, String priority, String hemoglobin, int admissions, String left, int total, RiskBand band) {
        stay.setServiceType(new CodeableConcept(new Coding("urn:services", service, null)));
        stay.setPriority(new CodeableConcept(new Coding("urn:priorities", priority, null)));
        stay.getPeriod().setEndElement(new DateTimeType(left));
        tests.set(0, test("718-7", hemoglobin, "g/dL", 4));
        Score score = score(admissions);
        assertThat(score.total()).isEqualTo(total);
        assertThat(score.band()).isEqualTo(band);
    }

    @Test
    void reaches13() {
        stay.setServiceType(new CodeableConcept(new Coding("urn:services", "ONC", null)));
        stay.setPriority(new CodeableConcept(new Coding("urn:priorities", "EM", null)));
        stay.getPeriod().setEndElement(new DateTimeType("2026-03-09"));
        tests.set(0, test("718-7", "9", "g/dL", 4));
        tests.set(1, test("2951-2", "130", "mmol/L", 4));
        procedures.add(procedure("http://www.cms.gov/Medicare/Coding/ICD10", ProcedureStatus.COMPLETED));
        assertThat(score(7).total()).isEqualTo(13);
    }

    @Test
    void takesTheLastValidValueBeforeTheDischarge() {
        tests.add(test("718-7", "9.0", "g/dL", 3));
        tests.add(test("718-7", "8.0", "g/dL", 9));
        Observation wrong = test("718-7", "7.0", "g/dL", 4);
        tests.add(wrong.setStatus(ObservationStatus.ENTEREDINERROR));
        assertThat(part(score(0), "H")).isZero();
        assertThat(HOSPITAL.basis(input(0))).hasSize(2).contains(tests.get(0), tests.get(1));
    }

    @Test
    void isUnavailableWithoutAllOfIt() {
        // Given
        stay.setServiceType(null).setPriority(null);
        stay.setPeriod(null);
        Input nothing = new Input(stay, List.of(), Optional.empty(), Optional.empty(), ZONE);
        // When
        RiskScore score = HOSPITAL.score(nothing);
        // Then
        assertThat(score.band()).isEqualTo(RiskBand.UNKNOWN);
        assertThat(((Unavailable) score).missing()).hasSize(7);
    }

    @Test
    void takesNoValueOfAnUnknownUnitForZero() {
        tests.set(0, test("718-7", "7.4", "mmol/L", 4));
        assertThat(HOSPITAL.score(input(0)))
                .isEqualTo(new Unavailable("hospital-2016-1", List.of("hemoglobin at discharge")));
    }

    @Test
    void isToldWithItsPartsAndBasis() {
        // When
        RiskAssessment assessment = new ScoreAssessment(HOSPITAL.kind())
                .of(
                        score(2),
                        new Reference("Patient/ada"),
                        new Reference("Encounter/stay"),
                        List.of(new Reference("Observation/hb")),
                        Told.instant(5),
                        ZONE);
        // Then
        assertThat(assessment.getMethod().getCodingFirstRep().getCode()).isEqualTo("hospital");
        assertThat(assessment.getMethod().getCodingFirstRep().getVersion()).isEqualTo("hospital-2016-1");
        assertThat(assessment.getPredictionFirstRep().getRationale())
                .isEqualTo("H 0 + O 0 + S 0 + P 0 + IT 0 + A 2 + L 0 = 2");
        assertThat(assessment.getBasisFirstRep().getReference()).isEqualTo("Observation/hb");
    }

    private Score score(int admissions) {
        return (Score) HOSPITAL.score(input(admissions));
    }

    private Input input(int admissions) {
        return new Input(stay, tests, Optional.of(procedures), Optional.of(admissions), ZONE);
    }

    private static int part(Score score, String code) {
        return score.parts().stream()
                .filter(part -> part.code().equals(code))
                .findFirst()
                .orElseThrow()
                .points();
    }

    private static Encounter stay(String service, String priority, String admitted, String left) {
        Encounter stay = new Encounter()
                .setServiceType(new CodeableConcept(new Coding("urn:services", service, null)))
                .setPriority(new CodeableConcept(new Coding("urn:priorities", priority, null)));
        stay.getPeriod().setStartElement(new DateTimeType(admitted)).setEndElement(new DateTimeType(left));
        return stay;
    }

    private static Observation test(String code, String value, String unit, int day) {
        return new Observation()
                .setStatus(ObservationStatus.FINAL)
                .setCode(new CodeableConcept(new Coding("http://loinc.org", code, null)))
                .setEffective(new DateTimeType(Date.from(Told.instant(day))))
                .setValue(new Quantity()
                        .setValue(new BigDecimal(value))
                        .setUnit(unit)
                        .setCode(unit));
    }

    private static Procedure procedure(String system, ProcedureStatus status) {
        return new Procedure().setStatus(status).setCode(new CodeableConcept(new Coding(system, "0JH60FZ", null)));
    }
}
