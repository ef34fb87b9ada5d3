package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see <a href="https://hl7.org/fhir/R4/search.html#token">FHIR R4 token search</a> */
@QuarkusTest
class SearchByCodesApiTest {

    private static final String ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static final String ENCOUNTERS = "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode";

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
        assertThat(found(url + "in=" + ENCOUNTERS)).contains(inpatient).doesNotContain(other);
        assertThat(found(url + "not-in=" + ENCOUNTERS)).contains(other).doesNotContain(inpatient);
        assertThat(found("Patient?identifier=" + mark + "&_has:Observation:subject:code:below=" + ACT + "%7CIMP"))
                .isEmpty();
    }

    @Test
    void criteriaOfWritesMayNameValueSetsToo() {
        // Given
        String in = "identifier=" + mark + "&code:in=" + ENCOUNTERS;
        String notIn = "identifier=" + mark + "&code:not-in=" + ENCOUNTERS;
        String acute = create(observation(ACT, "ACUTE"));
        String other = create(observation("urn:x", "ACUTE"));
        // When
        Response created =
                raw().header("If-None-Exist", in).body(observation(ACT, "IMP")).post("/fhir/Observation");
        Response updated = raw().body(observation("urn:x", "other")).put("/fhir/Observation?" + notIn);
        Response patched = raw().contentType("application/merge-patch+json")
                .body("{\"status\":\"amended\"}")
                .patch("/fhir/Observation?" + in);
        Response deleted = raw().delete("/fhir/Observation?" + notIn);
        // Then
        created.then().statusCode(200).body("id", equalTo(acute));
        updated.then().statusCode(200).body("id", equalTo(other));
        patched.then().statusCode(200).body("id", equalTo(acute)).body("status", equalTo("amended"));
        deleted.then().statusCode(204);
        assertThat(found("Observation?identifier=" + mark)).containsExactly(acute);
    }

    @Test
    void criteriaOfATransactionMayNameValueSetsToo() {
        // Given
        String acute = create(observation(ACT, "ACUTE"));
        // When
        Response answer = raw().body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":"
                        + observation(ACT, "IMP")
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Observation\",\"ifNoneExist\":\"identifier="
                        + mark + "&code:in=" + ENCOUNTERS + "\"}}]}")
                .post("/fhir");
        // Then
        answer.then()
                .statusCode(200)
                .body("entry[0].response.location", equalTo("Observation/" + acute + "/_history/1"));
    }

    @Test
    void criteriaOfWritesThatNameAnUnknownValueSetAreRefused() {
        // When
        Response answer = raw().delete("/fhir/Observation?code:in=http://example.org/ValueSet/none");
        // Then
        assertThat(problem(answer, ProblemCode.INVALID_PARAMETER)).startsWith("code:");
    }

    private static RequestSpecification raw() {
        return coordinator().urlEncodingEnabled(false);
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
