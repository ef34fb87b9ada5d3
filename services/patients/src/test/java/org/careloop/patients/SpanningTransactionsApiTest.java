package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.careloop.calleraccess.PlatformSignature;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * This service's part in a transaction that spans services: prepared, it survives and is not seen; who reads meanwhile waits;
 * it ends as the decider says.
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "patients"))
class SpanningTransactionsApiTest {

    @Inject
    PlatformSignature signature;

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
    @Timeout(9)
    void writersThatWaitForAPreparedPartDoNotKeepItFromEnding() {
        // Given: more writers than connections, who wait for less than their locks would time out
        String criteria = "identifier=" + id;
        String patient = "{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + id + "\"}]}";
        send(
                "/prepare?decider=referrals",
                part(patient).replace("\"POST\"", "\"POST\",\"ifNoneExist\":\"" + criteria + "\""));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Response>> writers = IntStream.range(0, 40)
                    .mapToObj(i -> clients.submit(() -> Fhir.coordinator()
                            .header("If-None-Exist", criteria)
                            .body(patient)
                            .post("/fhir/Patient")))
                    .toList();
            await().during(Duration.ofSeconds(1)).until(() -> writers.stream().noneMatch(Future::isDone));
            // When
            Response ended = end("commit");
            // Then
            assertThat(ended.statusCode()).isEqualTo(204);
            assertThat(writers).allSatisfy(writer -> {
                assertThat(writer.get().statusCode()).isEqualTo(200);
                assertThat(writer.get().path("id").toString()).isEqualTo(id);
            });
        }
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

    /** What a part tells of the others is believed, so a client that found this port must not be able to tell it. */
    @Test
    void onlyTheGatewayRunsParts() {
        // Given
        String body = part(PATIENT);
        String ofOther = signature.sign(
                PlatformSignature.SPANNING_TRANSACTION,
                PlatformSignature.content(UUID.randomUUID().toString(), body.getBytes(StandardCharsets.UTF_8)));
        // Then
        for (String step : List.of("/prepare?decider=referrals", "/decide", "/commit", "/rollback")) {
            assertThat(Fhir.coordinator()
                            .contentType(ContentType.JSON)
                            .body(body)
                            .post(path(step))
                            .statusCode())
                    .as(step)
                    .isEqualTo(401);
        }
        assertThat(Fhir.coordinator()
                        .header(PlatformSignature.HEADER, ofOther)
                        .contentType(ContentType.JSON)
                        .body(body)
                        .post(path("/decide"))
                        .statusCode())
                .isEqualTo(401);
    }

    private RequestSpecification asGateway(String body) {
        return Fhir.coordinator()
                .header(
                        PlatformSignature.HEADER,
                        signature.sign(
                                PlatformSignature.SPANNING_TRANSACTION,
                                PlatformSignature.content(transaction, body.getBytes(StandardCharsets.UTF_8))));
    }

    private static final String PATIENT = "{\"resourceType\":\"Patient\",\"active\":true}";

    private Response prepare(String decider) {
        return send("/prepare?decider=" + decider, part(PATIENT));
    }

    private Response send(String path, String body) {
        return asGateway(body).contentType(ContentType.JSON).body(body).post(path(path));
    }

    private Response end(String how) {
        return asGateway("").post(path("/" + how));
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
