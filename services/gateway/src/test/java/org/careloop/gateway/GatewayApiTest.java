package org.careloop.gateway;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.TokenTrust;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway before four services that are played: what it lets through, where to, and what it answers by itself. */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class GatewayApiTest {

    private static final String PATIENT = "{\"resourceType\":\"Patient\",  \"id\" : \"1\"}";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @ParameterizedTest
    @CsvSource({
        "/fhir/Patient/1, patients, /fhir/Patient/1",
        "/fhir/Procedure?date=ge2026, patients, /fhir/Procedure?date=ge2026",
        "/fhir/Goal/1/_history/2, care-plans, /fhir/Goal/1/_history/2",
        "/fhir/Task?owner=Organization/harbor&status=requested, referrals,"
                + " /fhir/Task?owner=Organization/harbor&status=requested",
        "/fhir/EpisodeOfCare/1, transitions, /fhir/EpisodeOfCare/1",
        "/operations/transitions/hl7-messages?status=FAILED, transitions, /operations/hl7-messages?status=FAILED",
        "/operations/care-plans/dead-letters, care-plans, /operations/dead-letters"
    })
    void sendsRequestToOwner(String url, String service, String seen) {
        // When
        Response answer = Fhir.coordinator().urlEncodingEnabled(false).get(url);
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.header("Seen-Service")).isEqualTo(service);
        assertThat(answer.header("Seen-Uri")).isEqualTo(seen);
        assertThat(answer.header("Seen-Authorization")).startsWith("Bearer ");
    }

    @Test
    void tellsWhoPollsWhenToComeAgain() {
        Response poll = Fhir.coordinator().get("/fhir/Task?owner=Organization/harbor");
        assertThat(poll.statusCode()).isEqualTo(200);
        assertThat(poll.header("Retry-After")).isEqualTo("5");
        assertThat(Fhir.coordinator().get("/fhir/Task/1").header("Retry-After")).isNull();
    }

    @Test
    void sendsMessagesToTransitions() {
        // When
        Response answer = given().auth()
                .oauth2(Tokens.eventSource())
                .contentType("application/hl7-v2")
                .body(FakeServices.bytes("MSH|^~\\&|\r"))
                .post("/hl7v2");
        // Then
        assertThat(answer.header("Seen-Service")).isEqualTo("transitions");
        assertThat(answer.header("Seen-Uri")).isEqualTo("/hl7v2");
        assertThat(answer.contentType()).startsWith("application/hl7-v2");
        assertThat(answer.asString()).isEqualTo("MSH|^~\\&|\r");
    }

    @Test
    void sendsDirectoriesToReferrals() {
        // When
        Response answer = Fhir.coordinator()
                .contentType("application/zip")
                .body(FakeServices.bytes("PK"))
                .post("/directory/hsds?source=one");
        // Then
        assertThat(answer.header("Seen-Service")).isEqualTo("referrals");
        assertThat(answer.header("Seen-Uri")).isEqualTo("/directory/hsds?source=one");
        assertThat(answer.asString()).isEqualTo("PK");
        Fhir.problem(given().body(PATIENT).post("/directory/hsds"), ProblemCode.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/fhir/Claim",
                "/directory/hsds",
                "/directory/other",
                "/fhir/Claim/1",
                "/fhir/patient",
                "/operations/elsewhere/dead-letters",
                "/hl7v2/more"
            })
    void knowsNothingElse(String url) {
        // When
        Response answer = Fhir.coordinator().get(url);
        // Then
        assertThat(Fhir.problem(answer, ProblemCode.UNKNOWN_TYPE))
                .isEqualTo("URL: nothing here (expected: a type that the capability statement lists)");
    }

    @Test
    void lets404OfUnknownTypeStandForThoseWithTokenOnly() {
        Fhir.problem(get("/fhir/Claim"), ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void letsNobodyInWithoutValidToken() {
        // Given
        int before = FakeServices.requests();
        Stream<Response> answers = Stream.of(
                get("/fhir/Patient/1"),
                Fhir.as(Tokens.forged()).get("/fhir/Patient/1"),
                Fhir.as(Tokens.expired()).get("/fhir/Patient/1"),
                Fhir.as(Tokens.forOtherAudience()).get("/fhir/Patient/1"),
                Fhir.as("nonsense").get("/fhir/Patient/1"),
                given().header("Authorization", "Basic YTpi").get("/fhir/Patient/1"),
                Fhir.as(Tokens.expired()).body(PATIENT).post("/fhir/Patient"),
                given().body(PATIENT).post("/hl7v2"),
                get("/operations/transitions/hl7-messages"));
        // Then
        assertThat(answers).allSatisfy(answer -> {
            Fhir.problem(answer, ProblemCode.UNAUTHENTICATED);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(answer.header("X-Correlation-Id")).isNotEmpty();
        });
        assertThat(FakeServices.requests()).isEqualTo(before);
    }

    @Test
    void refusesBodyThatIsTooLargeBeforeItComes() throws IOException {
        // Given
        int before = FakeServices.requests();
        // When
        String answer = raw("POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + Tokens.coordinator() + "\r\nContent-Type: application/fhir+json\r\nContent-Length: 10485761\r\n\r\n");
        // Then
        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .contains("\"resourceType\":\"OperationOutcome\"")
                .contains("body: too large (expected: at most 10485760 bytes)");
        assertThat(FakeServices.requests()).isEqualTo(before);
    }

    @Test
    void refusesBodyThatIsFarTooLarge() throws IOException {
        // When
        String answer = raw("POST /fhir/Patient HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + Tokens.coordinator() + "\r\nContent-Type: application/fhir+json\r\nContent-Length: 99999999\r\n\r\n");
        // Then
        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\"resourceType\":\"OperationOutcome\"");
    }

    @Test
    void tellsWhenServiceIsDownAndServesOthers() {
        FakeServices.without("referrals", () -> {
            // When
            Response read = Fhir.coordinator().get("/fhir/Task/1");
            Response write = Fhir.coordinator().body(PATIENT).post("/fhir/Task");
            Response other = Fhir.coordinator().get("/fhir/Patient/1");
            // Then
            assertThat(List.of(read, write)).allSatisfy(answer -> {
                assertThat(Fhir.problem(answer, ProblemCode.UNAVAILABLE))
                        .isEqualTo("service: cannot be reached now (expected: retry)");
                assertThat(answer.header("Retry-After")).isEqualTo("2");
                assertThat(answer.header("X-Correlation-Id")).isNotEmpty();
            });
            assertThat(other.statusCode()).isEqualTo(200);
        });
        assertThat(Fhir.coordinator().get("/fhir/Task/1").statusCode()).isEqualTo(200);
    }

    @Test
    void passesCorrelationAndTraceOn() {
        // When
        Response answer = Fhir.coordinator()
                .header("X-Correlation-Id", "order-7.a_b")
                .header("traceparent", TRACE)
                .get("/fhir/Patient/1");
        // Then
        assertThat(answer.header("Seen-X-Correlation-Id")).isEqualTo("order-7.a_b");
        assertThat(answer.headers().getValues("X-Correlation-Id")).containsExactly("order-7.a_b");
        assertThat(answer.header("Seen-Traceparent")).isEqualTo(TRACE);
    }

    @Test
    void namesRequestThatHasNoUsableName() {
        // When
        Response answer = Fhir.coordinator()
                .header("X-Correlation-Id", "not usable!")
                .header("traceparent", "neither")
                .get("/fhir/Patient/1");
        // Then
        String id = answer.header("X-Correlation-Id");
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(answer.header("Seen-X-Correlation-Id")).isEqualTo(id);
        assertThat(answer.header("Seen-Traceparent")).matches("00-" + id + "-[0-9a-f]{16}-01");
    }

    @Test
    void changesNeitherRequestNorAnswer() throws Exception {
        // Given
        String url = "/fhir/Patient/1?identifier=a%7Cb%20c&name=%C3%A9%2B&_x=a,b:c";
        // When
        HttpResponse<byte[]> answer = send(request(url)
                .header("If-Match", "W/\"6\"")
                .header("Prefer", "return=representation")
                .header("Content-Type", "application/fhir+json; charset=UTF-8")
                .PUT(BodyPublishers.ofString(PATIENT)));
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Seen-Method")).isEqualTo("PUT");
        assertThat(header(answer, "Seen-Uri")).isEqualTo(url);
        assertThat(header(answer, "Seen-If-Match")).isEqualTo("W/\"6\"");
        assertThat(header(answer, "Seen-Prefer")).isEqualTo("return=representation");
        assertThat(header(answer, "ETag")).isEqualTo("W/\"7\"");
        assertThat(header(answer, "Location")).isEqualTo("http://localhost:8080/fhir/Patient/1/_history/7");
        assertThat(header(answer, "Last-Modified")).isEqualTo("Sat, 07 Mar 2026 20:00:00 GMT");
        assertThat(header(answer, "Content-Type")).isEqualTo("application/fhir+json; charset=UTF-8");
        assertThat(answer.body()).isEqualTo(FakeServices.bytes(PATIENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PATCH", "HEAD"})
    void passesEveryMethodOn(String method) throws Exception {
        // When
        HttpResponse<byte[]> answer = send(request("/fhir/Patient/1").method(method, BodyPublishers.noBody()));
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Seen-Method")).isEqualTo(method);
    }

    @Test
    void leavesCompressedBodyCompressed() throws Exception {
        // When
        HttpResponse<byte[]> answer = send(
                request("/fhir/Patient/gzip").header("Accept-Encoding", "gzip").GET());
        // Then
        assertThat(header(answer, "Content-Encoding")).isEqualTo("gzip");
        assertThat(answer.body()).isEqualTo(FakeServices.COMPRESSED);
    }

    @Test
    void streamsLargestBodyBothWays() throws Exception {
        // Given
        byte[] body = new byte[10 * 1024 * 1024];
        new Random(1).nextBytes(body);
        // When
        HttpResponse<byte[]> answer = send(request("/fhir/Patient")
                .header("Content-Type", FhirJson.MEDIA_TYPE)
                .POST(BodyPublishers.ofByteArray(body)));
        // Then
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void aClientThatSendsMoreThanItsShareIsToldToWait() {
        // Given
        String token = Tokens.token("flooder", "coordinator", "riverside-clinic", "system/*.cruds");
        // When
        Response answer = Stream.generate(() -> Fhir.as(token).get("/fhir/Patient/1"))
                .limit(100)
                .filter(each -> each.statusCode() != 200)
                .findFirst()
                .orElseThrow();
        // Then
        Fhir.problem(answer, ProblemCode.RATE_LIMITED);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        Fhir.coordinator().get("/fhir/Patient/1").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fhir/Patient/1", "/fhir/Nothing", "/fhir/metadata", "/operations/patients/dead-letters"})
    void everyAnswerTellsBrowsersAndCachesToDoNoMore(String url) {
        // When
        Response answer = get(url);
        // Then
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Content-Security-Policy")).isEqualTo("default-src 'none'; frame-ancestors 'none'");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Strict-Transport-Security")).isNull();
    }

    @Test
    void mergesCapabilitiesOfAllServicesForEveryone() {
        // When
        Response answer = get("/fhir/metadata");
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith(FhirJson.MEDIA_TYPE);
        assertThat(answer.jsonPath().getString("resourceType")).isEqualTo("CapabilityStatement");
        assertThat(answer.jsonPath().getList("rest[0].resource.type", String.class))
                .containsExactly("CarePlan", "Encounter", "Patient", "Task");
        FakeServices.without("care-plans", () -> Fhir.problem(get("/fhir/metadata"), ProblemCode.UNAVAILABLE));
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + url))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + Tokens.coordinator());
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return String.join(", ", answer.headers().allValues(name));
    }

    /** Sends a head without its body and returns what comes until the gateway closes the connection. */
    private static String raw(String head) throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
