package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see <a href="https://hl7.org/fhir/R4/search.html#token">FHIR R4 token search</a> */
@QuarkusTest
class SearchByCodesApiTest {

    private static final String ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private final String mark = UUID.randomUUID().toString();

    @Test
    void findsKindsOfACode() {
        // Given
        String inpatient = create(observation(ACT, "ACUTE"));
        String encounter = create(observation(ACT, "IMP"));
        String other = create(observation("urn:x", "ACUTE"));
        String url = "Observation?identifier=" + mark + "&code:";
        // Then
        assertThat(found(url + "below=" + ACT + "%7CIMP")).containsExactly(encounter, inpatient);
        assertThat(found(url + "above=" + ACT + "%7CACUTE")).containsExactly(encounter, inpatient);
        assertThat(found(url + "below=" + ACT + "%7CACUTE")).containsExactly(inpatient);
        assertThat(found(url + "in=http://terminology.hl7.org/ValueSet/v3-ActEncounterCode"))
                .contains(inpatient)
                .doesNotContain(other);
        assertThat(found(url + "not-in=http://terminology.hl7.org/ValueSet/v3-ActEncounterCode"))
                .contains(other)
                .doesNotContain(inpatient);
        assertThat(found("Patient?identifier=" + mark + "&_has:Observation:subject:code:below=" + ACT + "%7CIMP"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "code:in=http://example.org/ValueSet/none, INVALID_PARAMETER",
        "code:in=http://hl7.org/fhir/ValueSet/observation-codes, INVALID_PARAMETER",
        "code:below=http://snomed.info/sct%7C73211009, INVALID_PARAMETER",
        "code:below=73211009, INVALID_PARAMETER",
        "code:above=http://terminology.hl7.org/CodeSystem/v3-ActCode%7Cnone, INVALID_PARAMETER"
    })
    void whatIsNotKnownIsRefused(String query, ProblemCode code) {
        assertThat(problem(coordinator().urlEncodingEnabled(false).get("/fhir/Observation?" + query), code))
                .startsWith("code:")
                .contains("expected");
    }

    private String observation(String system, String code) {
        return "{\"resourceType\":\"Observation\",\"identifier\":[{\"value\":\"" + mark
                + "\"}],\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"" + system + "\",\"code\":\"" + code
                + "\"}]}}";
    }
}
