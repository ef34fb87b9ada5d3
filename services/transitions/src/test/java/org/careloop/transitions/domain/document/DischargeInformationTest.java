package org.careloop.transitions.domain.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.document.TransitionDocument.Edition;
import org.careloop.transitions.domain.document.TransitionDocument.Known;
import org.careloop.transitions.domain.document.TransitionDocument.Made;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as a part of discharge information, and which medicines are current. */
class DischargeInformationTest {

    private final List<Resource> record = new ArrayList<>();
    private final Encounter stay = new Encounter();

    @ParameterizedTest
    @CsvSource({
        "Encounter/stay,     2020-01-01,                true",
        "Encounter/other,    2026-03-05,                false",
        ",                   2026-03-03,                true",
        ",                   2026-03-07,                true",
        ",                   2026-03-07T14:00:00-05:00, true",
        ",                   2026-03-02,                false",
        ",                   2026-03-08,                false",
        ",                   2026-03,                   false",
        ",                   2019-06-01,                false"
    })
    void proceduresAreThoseOfTheStay(String encounter, String performed, boolean counts) {
        // Given
        record.add(parse(
                "{\"resourceType\":\"Procedure\",\"id\":\"p\",\"status\":\"completed\",\"code\":{\"text\":\"Knee\"},"
                        + (encounter == null ? "" : "\"encounter\":{\"reference\":\"" + encounter + "\"},")
                        + "\"performedDateTime\":\"" + performed + "\"}"));
        // Then
        assertThat(!made().missing().contains("procedures")).isEqualTo(counts);
    }

    @Test
    void thatThereWereNoProceduresIsSaidToo() {
        record.add(parse("""
                {"resourceType":"Procedure","id":"p","status":"completed","code":{"coding":[{
                 "system":"http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips","code":"no-known-procedures"}]}}"""));
        assertThat(made().missing()).doesNotContain("procedures");
    }

    @ParameterizedTest
    @CsvSource({"DD, true", "AD, false", "CM, false", ", false"})
    void diagnosesAreThoseAtDischarge(String use, boolean counts) {
        // Given
        Condition condition = new Condition();
        condition.setId("c");
        condition.setEncounter(new Reference("Encounter/stay"));
        record.add(condition);
        stay.addDiagnosis()
                .setCondition(new Reference("Condition/c"))
                .setUse(
                        use == null
                                ? null
                                : new CodeableConcept(
                                        new Coding("http://terminology.hl7.org/CodeSystem/diagnosis-role", use, null)));
        // Then
        assertThat(!made().missing().contains("diagnoses")).isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource({
        "active,    order,          discharge, true",
        "active,    order,          community, true",
        "on-hold,   order,          outpatient, true",
        "active,    order,          , true",
        "active,    order,          inpatient, false",
        "active,    instance-order, discharge, false",
        "completed, order,          discharge, false"
    })
    void whatIsGivenInHospitalIsNoCurrentMedicine(String status, String intent, String category, boolean listed) {
        // Given
        record.add(parse("{\"resourceType\":\"MedicationRequest\",\"id\":\"m\",\"status\":\"" + status
                + "\",\"intent\":\"" + intent + "\"," + category(category)
                + "\"medicationCodeableConcept\":{\"text\":\"Heparin\"}}"));
        // Then
        assertThat(json().contains("Heparin")).isEqualTo(listed);
    }

    @ParameterizedTest
    @CsvSource({"active, , true", "active, inpatient, false", "intended, , false", "stopped, , false"})
    void statementsAreOfWhatIsTakenNow(String status, String category, boolean listed) {
        // Given
        record.add(parse("{\"resourceType\":\"MedicationStatement\",\"id\":\"m\",\"status\":\"" + status + "\","
                + (category == null ? "" : "\"category\":{\"coding\":[{\"code\":\"" + category + "\"}]},")
                + "\"medicationCodeableConcept\":{\"text\":\"Heparin\"}}"));
        // Then
        assertThat(json().contains("Heparin")).isEqualTo(listed);
    }

    private static String category(String code) {
        return code == null ? "" : "\"category\":[{\"coding\":[{\"code\":\"" + code + "\"}]}],";
    }

    private static Resource parse(String json) {
        return FhirJson.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private String json() {
        return new String(FhirJson.write(made().bundle()), StandardCharsets.UTF_8);
    }

    private Made made() {
        stay.setId("stay");
        stay.setSubject(new Reference("Patient/ada"));
        Patient patient = new Patient();
        patient.setId("ada");
        DischargedStay discharged = new DischargedStay(
                stay,
                "riverside-clinic",
                Optional.of(Instant.parse("2026-03-03T13:15:00Z")),
                Instant.parse("2026-03-08T01:00:00Z"),
                ZoneId.of("America/New_York"));
        return new TransitionDocument(DocumentRules.shipped(), "https://care.example.org/fhir")
                .of(
                        new Known(patient, discharged, List.copyOf(record)),
                        new Edition(1, Optional.empty(), Instant.parse("2026-03-08T02:00:00Z")));
    }
}
