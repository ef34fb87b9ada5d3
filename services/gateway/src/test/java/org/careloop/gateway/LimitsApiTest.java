package org.careloop.gateway;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.careloop.testkit.TokenTrust;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a request is read at all, and what is open without a token. */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class LimitsApiTest {

    private static final int MEGABYTE = 1 << 20;

    @TestHTTPResource(value = "/health/live", management = true)
    URI health;

    /** The client writes it all before it reads, as most do. */
    @ParameterizedTest
    @ValueSource(strings = {"/fhir/Patient", "/fhir", "/fhir/Patient/_search", "/fhir/Provenance", "/hl7v2"})
    void aBodyOfUnknownLengthThatIsTooLongGetsAnOutcome(String path) throws IOException {
        // Given
        int before = FakeServices.requests();
        byte[] chunk = " ".repeat(MEGABYTE).getBytes(StandardCharsets.US_ASCII);
        String answer;
        // When
        try (Socket socket = connected()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("POST " + path, "Content-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n"));
            for (int i = 0; i < 14; i++) {
                out.write((Integer.toHexString(MEGABYTE) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        // Then
        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .contains("\"resourceType\":\"OperationOutcome\"")
                .contains("body: too large (expected: at most 10485760 bytes)");
        assertThat(FakeServices.requests()).isEqualTo(before);
    }

    @Test
    void anUrlThatIsTooLongIsNotRead() throws IOException {
        assertThat(raw("GET /fhir/Patient?name=" + "a".repeat(10_000), "")).startsWith("HTTP/1.0 414 ");
    }

    @Test
    void headersThatAreTooLongAreNotRead() throws IOException {
        assertThat(raw("GET /fhir/Patient", "X-Long: " + "a".repeat(20_000) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    /** The API's description is for everybody; how the gateway is, is not for clients. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q",
                "/q/health",
                "/q/health/ready",
                "/q/health/live",
                "/q/health/started",
                "/q/health-ui",
                "/q/metrics",
                "/q/info",
                "/q/arc",
                "/q/dev",
                "/q/dev-ui",
                "/health",
                "/metrics",
                "/"
            })
    void nothingOfTheGatewayItselfIsOpen(String path) {
        assertThat(get(path).statusCode()).isIn(401, 403, 404);
    }

    @Test
    void theDescriptionOfTheApiIsOpenAndHealthIsAtAnotherPort() {
        assertThat(get("/q/openapi").statusCode()).isEqualTo(200);
        assertThat(get("/q/swagger-ui/").statusCode()).isEqualTo(200);
        assertThat(get(health).statusCode()).isEqualTo(200);
        assertThat(health.getPort()).isNotEqualTo(RestAssured.port);
    }

    private static String raw(String line, String headers) throws IOException {
        try (Socket socket = connected()) {
            socket.getOutputStream().write(head(line, headers + "Connection: close\r\n"));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Socket connected() throws IOException {
        Socket socket = new Socket("localhost", RestAssured.port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static byte[] head(String line, String headers) {
        return (line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Tokens.coordinator() + "\r\n"
                        + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
