package org.careloop.fhirvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a profile of its own; those of published guides are in the API tests of the services. */
class ProfileValidationTest {

    private static final String URL = "http://example.org/StructureDefinition/named";

    @TempDir
    private static Path folder;

    private static ProfileValidation validation;

    @BeforeAll
    static void install() throws IOException {
        Files.writeString(folder.resolve("named.json"), """
                {"resourceType":"StructureDefinition","url":"%s","version":"1.0.0","name":"Named","status":"draft",
                 "fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Patient",
                 "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
                 "differential":{"element":[{"id":"Patient.name","path":"Patient.name","min":1},
                 {"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}""".formatted(URL));
        FhirValidationConfig config = PackagesTest.config(Optional.of(folder));
        validation = new ProfileValidation(new ConformancePackages(config), config);
    }

    @Test
    void aWriteIsRefusedWithAllErrorsOfTheProfileThatItClaims() {
        // Given
        Resource patient = patient(URL + "|1.0.0", "\"telecom\":[{\"value\":\"1\"}]");
        // Then
        assertThatThrownBy(() -> validation
                        .checkWrites(Map.of("Bundle.entry[0].resource", patient))
                        .await()
                        .indefinitely())
                .isInstanceOfSatisfying(
                        FhirProblem.class,
                        problem -> assertThat(problem.issues())
                                .extracting(issue -> issue.expression().orElseThrow())
                                .contains("Bundle.entry[0].resource", "Bundle.entry[0].resource.telecom[0]"));
    }

    @Test
    void onlyInstalledProfilesAreDemanded() {
        assertThat(validation.isDemanded(patient(URL, "\"active\":true"))).isTrue();
        assertThat(validation.isDemanded(patient(URL + "|2.0.0", "\"active\":true")))
                .isFalse();
        assertThat(validation.isDemanded(patient("http://example.org/unknown", "\"active\":true")))
                .isFalse();
    }

    @Test
    void codesOfSystemsThatAreNotHereAreNoError() {
        // Given
        Resource observation = FhirJson.parse("""
                {"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org",
                 "code":"8867-4"},{"system":"http://snomed.info/sct","code":"364075005"}]}}""".getBytes(StandardCharsets.UTF_8));
        // When
        List<Finding> findings =
                validation.validate(observation, Optional.empty()).await().indefinitely();
        // Then
        assertThat(findings).extracting(Finding::severity).isNotEmpty().doesNotContain(Finding.Severity.ERROR);
    }

    @Test
    void noTextRepeatsAValue() {
        // Given
        Resource patient = FhirJson.parse("""
                {"resourceType":"Patient","name":[{"family":"Zyxwvut"}],"maritalStatus":{"coding":[{"system":
                 "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"Zyxwvut"}]}}""".getBytes(StandardCharsets.UTF_8));
        // When
        List<Finding> findings =
                validation.validate(patient, Optional.empty()).await().indefinitely();
        // Then
        assertThat(findings).isNotEmpty().noneMatch(finding -> finding.text().contains("Zyxwvut"));
    }

    private static Resource patient(String profile, String rest) {
        return FhirJson.parse(
                ("{\"resourceType\":\"Patient\",\"meta\":{\"profile\":[\"" + profile + "\"]}," + rest + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
