package org.careloop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.TokenTrust;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** What the gateway refuses without asking a service is in a service's audit trail before the client learns of it. */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class RefusalsApiTest {

    private final String correlation = UUID.randomUUID().toString();

    @Test
    void everyRefusalIsReportedWithWhatIsKnown() {
        // When
        Fhir.problem(
                given().header("X-Correlation-Id", correlation).get("/fhir/Patient/1?_format=json"),
                ProblemCode.UNAUTHENTICATED);
        Fhir.problem(
                Fhir.as(Tokens.token("x", "king", "y", "system/*.cruds"))
                        .header("X-Correlation-Id", correlation)
                        .get("/fhir/Patient"),
                ProblemCode.FORBIDDEN);
        Fhir.problem(
                Fhir.coordinator().header("X-Correlation-Id", correlation).get("/fhir/Claim/1"),
                ProblemCode.UNKNOWN_TYPE);
        // Then
        assertThat(reported())
                .containsExactly(
                        "GET /fhir/Patient/1 401 1011 null",
                        "GET /fhir/Patient 403 1012 x",
                        "GET /fhir/Claim/1 404 1007 riverside-ehr");
    }

    @Test
    void entriesOfABatchAreReportedToo() {
        // When
        Fhir.coordinator()
                .header("X-Correlation-Id", correlation)
                .body("""
                        {"resourceType":"Bundle","type":"batch","entry":[
                          {"request":{"method":"GET","url":"Claim/7"}}]}""")
                .post("/fhir")
                .then()
                .statusCode(200);
        // Then
        assertThat(reported()).containsExactly("GET /fhir/Claim/7 404 1007 riverside-ehr");
    }

    @Test
    void withoutATrailTheClientIsToldNothing() {
        FakeServices.withoutTrail(() -> Fhir.problem(
                given().header("X-Correlation-Id", correlation).get("/fhir/Patient/1"), ProblemCode.UNAVAILABLE));
    }

    @Test
    void aServiceThatIsAwayIsNoReasonToLoseARefusal() {
        FakeServices.without(
                "care-plans",
                () -> Fhir.problem(
                        given().header("X-Correlation-Id", correlation).get("/fhir/Patient/1"),
                        ProblemCode.UNAUTHENTICATED));
        assertThat(reported()).hasSize(1);
    }

    /** A flood must not fill the trail: what is alike and comes together is one row with a number. */
    @Test
    void whatIsAlikeIsCounted() throws InterruptedException {
        // Given
        int before = counted();
        // When
        try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
            clients.invokeAll(Collections.nCopies(
                    200, () -> given().delete("/fhir/Flood/1").statusCode()));
        }
        // Then
        assertThat(counted() - before).isEqualTo(200);
    }

    private static int counted() {
        return FakeServices.refused().stream()
                .flatMap(report -> new JsonArray(report).stream())
                .map(JsonObject.class::cast)
                .filter(refusal -> refusal.getString("method").equals("DELETE"))
                .mapToInt(refusal -> refusal.getInteger("times"))
                .sum();
    }

    private List<String> reported() {
        return FakeServices.refused().stream()
                .flatMap(report -> new JsonArray(report).stream())
                .map(JsonObject.class::cast)
                .filter(refusal ->
                        correlation.equals(refusal.getJsonObject("origin").getString("correlation")))
                .map(refusal -> refusal.getString("method") + " " + refusal.getString("path") + " "
                        + refusal.getInteger("status") + " " + refusal.getInteger("problem") + " "
                        + (refusal.getJsonObject("claims") == null
                                ? null
                                : refusal.getJsonObject("claims").getString("client")))
                .toList();
    }
}
