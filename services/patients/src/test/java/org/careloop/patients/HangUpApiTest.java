package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.patients.Persons.mark;
import static org.careloop.testkit.Fhir.as;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** Clients that do not wait for their answer: a proxy that gives up, a gateway that is killed. */
@QuarkusTest
class HangUpApiTest {

    private static final int CLIENTS = 4;
    private static final int HANG_UPS = 60;
    private static final int REQUESTS_AFTER = 100;

    private final String mark = mark();

    @Test
    void whoHangsUpLeavesAllOrNothingAndHarmsNobody() throws Exception {
        // Given
        String token = Tokens.coordinator();
        // When
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (Future<?> done : clients.invokeAll(Collections.nCopies(HANG_UPS, () -> {
                hangUpOn("POST /fhir", token, pair());
                return null;
            }))) {
                done.get();
            }
        }
        // Then
        for (int i = 0; i < REQUESTS_AFTER; i++) {
            as(token).body(pair()).post("/fhir").then().statusCode(200);
        }
        assertThat(held(token, "Patient"))
                .isEqualTo(held(token, "RelatedPerson"))
                .isGreaterThanOrEqualTo(REQUESTS_AFTER);
    }

    private int held(String token, String type) {
        return as(token)
                .urlEncodingEnabled(false)
                .get("/fhir/" + type + "?identifier=urn:hang-up%7C" + mark + "&_summary=count")
                .then()
                .statusCode(200)
                .extract()
                .path("total");
    }

    private String pair() {
        return """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"fullUrl":"urn:uuid:0b7c7a10-0000-4000-8000-000000000001","resource":{"resourceType":"Patient",
                  "identifier":[{"system":"urn:hang-up","value":"%1$s"}]},"request":{"method":"POST","url":"Patient"}},
                 {"resource":{"resourceType":"RelatedPerson","identifier":[{"system":"urn:hang-up","value":"%1$s"}],
                  "patient":{"reference":"urn:uuid:0b7c7a10-0000-4000-8000-000000000001"}},
                  "request":{"method":"POST","url":"RelatedPerson"}}]}""".formatted(mark);
    }

    private static void hangUpOn(String line, String token, String body) throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head = line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                    + "\r\nContent-Type: application/fhir+json\r\nContent-Length: " + bytes.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            // At any moment of the answer's making.
            await().pollDelay(Duration.ofMillis(ThreadLocalRandom.current().nextInt(25)))
                    .until(() -> true);
        }
    }
}
