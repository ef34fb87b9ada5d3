package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

/**
 * Pins what the index holds. A change of it is not wrong, but stored resources must be indexed again.
 *
 * <p>What to do then: raise {@link IndexEntries#VERSION}, add a migration of the kernel that makes the index {@code
 * resource_outdated} for it, and write the new digest here.
 */
class IndexVersionTest {

    private static final int VERSION = 3;
    private static final String DIGEST = "9091a5b0e3e6152bff9239f432c70c8256d68273fdc029af73bef3deb59993e1";

    /** What filled resources lack: units of UCUM, types of identifiers, folded texts, absolute and versioned references. */
    private static final List<String> SAMPLES = List.of("""
            {"resourceType":"Observation","id":"r1","code":{"coding":[{"system":"http://loinc.org","code":"85354-9",
             "display":"Blood pressure"}],"text":"BP"},"subject":{"reference":"Patient/p1/_history/2"},
             "effectivePeriod":{"start":"2026-11-01"},"component":[{"code":{"coding":[{"code":"8480-6"}]},
             "valueQuantity":{"value":120.5,"unit":"mm Hg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}""", """
            {"resourceType":"Observation","id":"r1","valueQuantity":{"value":37.2,"code":"Cel",
             "system":"http://unitsofmeasure.org"},"subject":{"reference":"http://other.example/fhir/Patient/1",
             "identifier":{"system":"urn:mrn","value":"7|8"}}}""", """
            {"resourceType":"Patient","id":"r1","identifier":[{"type":{"coding":[{"system":"urn:t","code":"MR"}],"text":"Record"},
             "value":"7\\\\"}],"name":[{"family":"N\\u00fa\\u00f1ez \\t Ortiz","given":["Zo\\u00eb"]}],"birthDate":"1950",
             "_gender":{"extension":[{"url":"http://example.org/unknown","valueBoolean":true}]},"deceasedBoolean":false}""", """
            {"resourceType":"Task","id":"r1","status":"requested","owner":{"reference":"Organization/a"},
             "instantiatesCanonical":"http://example.org/a|2","restriction":{"period":{"end":"2026-12-01T10:00:00+01:00"}}}""", """
            {"resourceType":"Task","id":"r1","status":"requested","restriction":{"recipient":[{"reference":"Organization/a"}]},
             "extension":[{"url":"https://careloop.org/fhir/StructureDefinition/task-clock","extension":[
             {"url":"due","valueDateTime":"2026-12-01T10:00:00Z"},{"url":"alarm","valueDateTime":"2026-11-30T10:00:00Z"}]}]}""");

    /** With these every kind of parameter is met, composites of all kinds too. */
    private static final List<String> TYPES = List.of(
            "CarePlan",
            "Coverage",
            "DocumentReference",
            "Encounter",
            "HealthcareService",
            "Observation",
            "Patient",
            "QuestionnaireResponse",
            "RiskAssessment",
            "ServiceRequest",
            "Task",
            "ValueSet");

    private static final List<CombinedIndex> COMBINED = List.of(CombinedIndex.parse("Task:owner+status"));

    @Test
    void sameVersionSaysTheSameOfTheSameResources() {
        // Given
        Stream<Resource> filled = TYPES.stream()
                .flatMap(type -> IntStream.range(0, FilledResources.VARIANTS)
                        .mapToObj(variant -> FilledResources.of(type, variant)));
        Stream<Resource> samples =
                SAMPLES.stream().map(sample -> FhirJson.parse(sample.getBytes(StandardCharsets.UTF_8)));
        MessageDigest digest = sha256();
        // When
        Stream.concat(samples, filled)
                .map(resource -> text(IndexEntries.of(resource, COMBINED)))
                .forEach(text -> digest.update(text.getBytes(StandardCharsets.UTF_8)));
        // Then
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .as("the format of the index changed; the class comment tells what to do")
                .isEqualTo(DIGEST);
        assertThat(IndexEntries.VERSION).isEqualTo(VERSION);
    }

    private static String text(IndexEntries entries) {
        return Stream.of(
                        entries.tokens(),
                        entries.references(),
                        entries.strings(),
                        entries.dates(),
                        entries.numbers(),
                        entries.combined())
                .map(IndexVersionTest::sorted)
                .collect(Collectors.joining("\n", "", entries.patient() + "\n"));
    }

    private static String sorted(Collection<?> entries) {
        return new TreeSet<>(entries.stream().map(Object::toString).toList()).toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
