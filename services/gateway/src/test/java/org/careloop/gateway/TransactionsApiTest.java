package org.careloop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.TokenTrust;
import org.junit.jupiter.api.Test;

/**
 * What of a transaction the gateway answers itself.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#transaction">FHIR R4 transaction</a>
 */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class TransactionsApiTest {

    private static final String CLAIM = """
            {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Claim"},"request":{"method":"POST","url":"Claim"}}""";

    @Test
    void refusesTypeThatNobodyHoldsAndNamesIt() {
        // When
        Response answer = coordinator().body(transaction(CLAIM)).post("/fhir");
        // Then
        assertThat(problem(answer, ProblemCode.UNKNOWN_TYPE))
                .isEqualTo("Bundle.entry[0].request.url: Claim is a type that is not held here (expected: one that the"
                        + " capability statement lists, or X-Careloop-Unknown-Types: skip)");
        assertThat(answer.jsonPath().getString("issue[0].expression[0]")).isEqualTo("Bundle.entry[0].request.url");
    }

    @Test
    void skipsTypeThatNobodyHoldsWhenAskedAndReadsTheRest() {
        // When
        JsonPath answer = coordinator()
                .header("X-Careloop-Unknown-Types", "skip")
                .body(transaction("{\"request\":{\"method\":\"GET\",\"url\":\"Patient/gone\"}}," + CLAIM
                        + ",{\"request\":{\"method\":\"GET\",\"url\":\"metadata\"}}"))
                .post("/fhir")
                .jsonPath();
        // Then
        assertThat(answer.getString("type")).isEqualTo("transaction-response");
        assertThat(answer.getList("entry.response.status", String.class))
                .containsExactly("410 Gone", "404 Not Found", "200 OK");
        assertThat(answer.getString("entry[1].response.outcome.issue[0].severity"))
                .isEqualTo("warning");
        assertThat(answer.getString("entry[1].response.outcome.issue[0].details.coding[0].code"))
                .isEqualTo("1007");
        assertThat(answer.getString("entry[2].resource.resourceType")).isEqualTo("CapabilityStatement");
    }

    @Test
    void refusesAnotherWishForUnknownTypes() {
        problem(
                coordinator()
                        .header("X-Careloop-Unknown-Types", "keep")
                        .body(transaction(CLAIM))
                        .post("/fhir"),
                ProblemCode.INVALID_PARAMETER);
    }

    @Test
    void refusesReferenceByCriteriaThatMatchesNothing() {
        // When
        Response answer = coordinator().body(transaction("""
                        {"resource":{"resourceType":"Condition","subject":{"reference":"Patient?identifier=urn:mrn|7"}},
                         "request":{"method":"POST","url":"Condition"}}""")).post("/fhir");
        // Then
        assertThat(problem(answer, ProblemCode.NOTHING_MATCHES))
                .isEqualTo(
                        "Bundle.entry[0].resource: a reference by criteria matches nothing (expected: one resource)");
    }

    /** What a service is told of the others opens records there; who finds a Patient has not written it. */
    @Test
    void aPatientThatCriteriaFindIsNotToldToOthersAsWritten() {
        // Given
        String both = transaction("""
                {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient"},
                 "request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=x"}},
                {"resource":{"resourceType":"CarePlan","status":"draft","intent":"plan",
                  "subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"}},
                 "request":{"method":"POST","url":"CarePlan"}}""");
        // When
        coordinator().body(both).post("/fhir");
        String ofNew = FakeServices.part();
        FakeServices.withFound("Patient", () -> coordinator().body(both).post("/fhir"));
        String ofFound = FakeServices.part();
        // Then
        assertThat(JsonPath.from(ofNew).getString("link[0].url")).startsWith("Patient/");
        assertThat(ofFound).contains("\"reference\":\"Patient/found\"").doesNotContain("\"link\"");
    }

    private static String transaction(String entries) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + entries + "]}";
    }
}
