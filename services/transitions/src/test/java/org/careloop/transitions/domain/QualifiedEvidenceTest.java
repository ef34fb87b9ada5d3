package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is known not to be who something is asked of shows nothing. */
class QualifiedEvidenceTest {

    private static final EvidenceRules RULES = EvidenceRules.shipped();
    private static final String NUCC = "http://nucc.org/provider-taxonomy";
    private static final String ROLES = "http://terminology.hl7.org/CodeSystem/practitioner-role";

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        NUCC + ", 183500000X, true",
        NUCC + ", 163WC0400X, true",
        NUCC + ", 207R00000X, true",
        NUCC + ", 183700000X, false",
        NUCC + ", 376K00000X, false",
        ROLES + ", doctor, true",
        ROLES + ", ict, false",
        "http://snomed.info/sct, 17561000, true",
        "urn:local, secretary, true"
    })
    void medicinesAreReconciledByWhoMay(String system, String code, boolean counts) {
        // Given
        String performer = """
                {"function":{"coding":[{"system":"%s","code":"%s"}]},"actor":{"reference":"Practitioner/one"}}""".formatted(system, code);
        // Then
        assertThat(kinds(procedure("1111F", performer))).isEqualTo(counts ? List.of("reconciliation") : List.of());
    }

    @Test
    void whoMayHaveDoneItIsNamed() {
        // Given
        String clerk = """
                {"function":{"coding":[{"system":"%s","code":"ict"}]},"actor":{"reference":"Practitioner/clerk"}}""".formatted(ROLES);
        String nurse = """
                {"function":{"coding":[{"system":"%s","code":"163W00000X"}]},"actor":{"reference":"Practitioner/nurse"}}""".formatted(NUCC);
        // Then
        assertThat(found(procedure("1111F", clerk + "," + nurse)))
                .extracting(FoundEvidence::actor)
                .containsExactly(Optional.of("Practitioner/nurse"));
        assertThat(kinds(procedure("99495", clerk))).containsExactly("decision-moderate", "service");
        assertThat(kinds(procedure("1111F", "{\"actor\":{\"reference\":\"Practitioner/one\"}}")))
                .containsExactly("reconciliation");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"Patient/ada, false", "RelatedPerson/son, false", "Device/robot, false", "Organization/clinic, true"})
    void staffReconcilesAndCalls(String who, boolean counts) {
        // Given
        String call = """
                {"resourceType":"Communication","status":"completed","category":[{"coding":[{
                 "system":"https://careloop.org/fhir/CodeSystem/communication-category","code":"outreach"}]}],
                 "subject":{"reference":"Patient/ada"},"encounter":{"reference":"Encounter/stay"},
                 "sent":"2026-11-16T10:00:00-05:00","sender":{"reference":"%s"},"recipient":[{"reference":"Patient/ada"}],
                 "medium":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationMode","code":"PHONE"}]}]}""".formatted(who);
        String task = """
                {"resourceType":"Task","status":"completed","intent":"order","for":{"reference":"Patient/ada"},
                 "encounter":{"reference":"Encounter/stay"},"owner":{"reference":"%s"},
                 "code":{"coding":[{"system":"https://careloop.org/fhir/CodeSystem/milestone","code":"%s"}]}}""";
        // Then
        assertThat(found(call)).hasSize(counts ? 1 : 0);
        assertThat(found(procedure("1111F", "{\"actor\":{\"reference\":\"" + who + "\"}}")))
                .hasSize(counts ? 1 : 0);
        assertThat(found(task.formatted(who, "medication-reconciliation"))).hasSize(counts ? 1 : 0);
        assertThat(found(task.formatted(who, "patient-engagement"))).hasSize(1);
    }

    /** Who files a document says nothing of whether the medical home got it: its receipt does, which is a Communication. */
    @Test
    void aDocumentThatIsFiledIsNotReceived() {
        String parts = List.of(
                        "responsible-practitioner", "procedures", "diagnoses", "medications", "results", "instructions")
                .stream()
                .map(part -> """
                        {"url":"https://careloop.org/fhir/StructureDefinition/discharge-information-part","valueCoding":{
                         "system":"https://careloop.org/fhir/CodeSystem/discharge-information-part","code":"%s"}}""".formatted(part))
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
        assertThat(found("""
                        {"resourceType":"DocumentReference","status":"current","extension":[%s],"subject":{"reference":"Patient/ada"},
                         "date":"2026-11-13T10:00:00Z","context":{"encounter":[{"reference":"Encounter/stay"}]},
                         "content":[{"attachment":{"url":"Binary/1"}}]}""".formatted(parts))).isEmpty();
    }

    private static String procedure(String code, String performers) {
        return """
                {"resourceType":"Procedure","status":"completed","subject":{"reference":"Patient/ada"},
                 "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"%s"}]},"performer":[%s],
                 "performedDateTime":"2026-11-20"}""".formatted(code, performers);
    }

    private static List<String> kinds(String json) {
        return found(json).stream().map(FoundEvidence::kind).sorted().toList();
    }

    private static List<FoundEvidence> found(String json) {
        return RULES.of(FhirJson.parse(json.getBytes(StandardCharsets.UTF_8)), Instant.parse("2026-11-20T12:00:00Z"));
    }
}
