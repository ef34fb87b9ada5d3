package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/**
 * This service's part in a transaction that spans services: prepared, it survives and is not seen; who reads meanwhile waits;
 * it ends as the decider says.
 */
@QuarkusTest
class SpanningTransactionsApiTest {

    private final String transaction = UUID.randomUUID().toString();
    private final String id = "spanning-" + transaction.substring(0, 8);

    @Test
    void preparedPartIsSeenByNobodyUntilItIsCommitted() {
        // Given
        assertThat(prepare("referrals").statusCode()).isEqualTo(200);
        CompletableFuture<Response> reader = CompletableFuture.supplyAsync(this::read);
        await().during(Duration.ofMillis(300)).until(() -> !reader.isDone());
        // When
        assertThat(end("commit").statusCode()).isEqualTo(204);
        // Then
        assertThat(reader.join().statusCode()).isEqualTo(200);
        assertThat(search().path("entry.size()").toString()).isEqualTo("1");
    }

    @Test
    void readerOfOtherTypesDoesNotWait() {
        // Given
        prepare("referrals");
        // When
        Response other = Fhir.coordinator().get("/fhir/Condition?_count=1");
        // Then
        assertThat(other.statusCode()).isEqualTo(200);
        end("rollback");
    }

    @Test
    void rolledBackPartLeavesNothing() {
        // Given
        prepare("referrals");
        // When
        assertThat(end("rollback").statusCode()).isEqualTo(204);
        // Then
        assertThat(read().statusCode()).isEqualTo(404);
        assertThat(end("commit").statusCode()).isEqualTo(204);
        assertThat(read().statusCode()).isEqualTo(404);
    }

    @Test
    void partThatFailsLeavesNoFence() {
        // When
        Response refused =
                send("/prepare?decider=referrals", part("{\"resourceType\":\"Patient\",\"gender\":\"none\"}"));
        // Then
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(read().statusCode()).isEqualTo(404);
    }

    @Test
    void whatWasLeftPreparedEndsAsThisServiceDecided() {
        // Given: a part whose decider is this service, which never decided
        prepare("patients");
        // When
        Response reader = read();
        // Then: the recovery asked, and that was the decision
        assertThat(reader.statusCode()).isEqualTo(404);
        assertThat(outcome()).isEqualTo("abort");
        assertThat(send("/decide", part(PATIENT)).statusCode()).isEqualTo(503);
        assertThat(read().statusCode()).isEqualTo(404);
    }

    @Test
    void decisionHoldsFromTheCommitOfTheDecidersPart() {
        // When
        Response decided = send("/decide", part(PATIENT));
        // Then
        assertThat(decided.statusCode()).as(decided.asString()).isEqualTo(200);
        assertThat(decided.path("entry[0].response.location").toString()).isEqualTo("Patient/" + id + "/_history/1");
        assertThat(outcome()).isEqualTo("commit");
        assertThat(read().statusCode()).isEqualTo(200);
    }

    @Test
    void outcomeIsToldToServicesAlone() {
        assertThat(Fhir.coordinator().get(path("/outcome")).statusCode()).isEqualTo(403);
    }

    private static final String PATIENT = "{\"resourceType\":\"Patient\",\"active\":true}";

    private Response prepare(String decider) {
        return send("/prepare?decider=" + decider, part(PATIENT));
    }

    private Response send(String path, String body) {
        return Fhir.coordinator().contentType(ContentType.JSON).body(body).post(path(path));
    }

    private Response end(String how) {
        return Fhir.coordinator().post(path("/" + how));
    }

    private Response read() {
        return Fhir.coordinator().get("/fhir/Patient/" + id);
    }

    private Response search() {
        return Fhir.coordinator().get("/fhir/Patient?_id=" + id);
    }

    private String outcome() {
        return Fhir.as(Tokens.service()).get(path("/outcome")).asString();
    }

    private String path(String rest) {
        return "/federation/transactions/" + transaction + rest;
    }

    private String part(String resource) {
        return """
                {"resourceType":"Bundle","type":"transaction","entry":[{"id":"0","fullUrl":"Patient/%s",
                 "resource":%s,"request":{"method":"POST","url":"Patient"}}]}""".formatted(id, resource);
    }
}
