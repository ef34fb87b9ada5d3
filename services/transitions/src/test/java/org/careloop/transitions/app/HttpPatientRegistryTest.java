package org.careloop.transitions.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OwnToken;
import org.careloop.platformhttp.PlatformHttp;
import org.careloop.transitions.TransitionsConfig;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the patients service is asked, against an HTTP server that plays it: each request takes the next answer. */
class HttpPatientRegistryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Identifier NUMBER =
            new Identifier().setSystem("https://example.org/mrn").setValue("A,1 b");
    private static final String SEARCH = "/fhir/Patient?identifier=https%3A%2F%2Fexample.org%2Fmrn%7CA%5C%2C1+b";

    private record Asked(String request, String token, String condition, byte[] body) {}

    private record Answer(int status, byte[] body) {}

    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final AtomicInteger issued = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;
    private HttpPatientRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        TransitionsConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(TransitionsConfig.class)
                .withDefaultValue(
                        "careloop.transitions.patients-url",
                        "http://localhost:" + server.getAddress().getPort())
                .build()
                .getConfigMapping(TransitionsConfig.class);
        registry = new HttpPatientRegistry(
                config, vertx, PlatformHttp.plain(vertx.getDelegate()), new OwnToken(new CountingTokens()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        vertx.close().await().atMost(PATIENCE);
    }

    @Test
    void makesPatientThatIsNotFound() {
        // Given
        answers.add(new Answer(200, searchset()));
        answers.add(new Answer(201, FhirJson.write(patient("new", 1))));
        // When
        FhirId id = findOrCreate(UnaryOperator.identity());
        // Then
        assertThat(id).isEqualTo(new FhirId("new"));
        assertThat(asked).extracting(Asked::request).containsExactly("GET " + SEARCH, "POST /fhir/Patient");
        assertThat(asked.getLast().condition()).isEqualTo("identifier=https%3A%2F%2Fexample.org%2Fmrn%7CA%5C%2C1+b");
        assertThat(asked).extracting(Asked::token).containsOnly("Bearer token-1");
    }

    @Test
    void changesPatientThatIsFoundInItsVersion() {
        // Given
        answers.add(new Answer(200, searchset(patient("known", 4))));
        answers.add(new Answer(200, FhirJson.write(patient("known", 5))));
        // When
        FhirId id = findOrCreate(found -> found.setActive(true));
        // Then
        assertThat(id).isEqualTo(new FhirId("known"));
        assertThat(asked).extracting(Asked::request).containsExactly("GET " + SEARCH, "PUT /fhir/Patient/known");
        assertThat(asked.getLast().condition()).isEqualTo("W/\"4\"");
        assertThat(FhirJson.parse(Patient.class, asked.getLast().body()).getActive())
                .isTrue();
    }

    @Test
    void leavesPatientAloneWhenNothingIsNew() {
        // Given
        answers.add(new Answer(200, searchset(patient("known", 4))));
        // When
        FhirId id = findOrCreate(UnaryOperator.identity());
        // Then
        assertThat(id).isEqualTo(new FhirId("known"));
        assertThat(asked).extracting(Asked::request).containsExactly("GET " + SEARCH);
    }

    @Test
    void readsAgainWhatWasChangedMeanwhile() {
        // Given
        answers.add(new Answer(200, searchset(patient("known", 4))));
        answers.add(new Answer(412, new byte[0]));
        answers.add(new Answer(200, searchset(patient("known", 5))));
        answers.add(new Answer(200, FhirJson.write(patient("known", 6))));
        // When
        FhirId id = findOrCreate(found -> found.setActive(true));
        // Then
        assertThat(id).isEqualTo(new FhirId("known"));
        assertThat(asked).hasSize(4);
        assertThat(asked.getLast().condition()).isEqualTo("W/\"5\"");
    }

    @Test
    void asksWithNewTokenAfterOneWasRefused() {
        // Given
        answers.add(new Answer(401, new byte[0]));
        answers.add(new Answer(200, searchset(patient("known", 4))));
        // When
        assertProblem(ProblemCode.UNAVAILABLE);
        FhirId id = findOrCreate(UnaryOperator.identity());
        // Then
        assertThat(id).isEqualTo(new FhirId("known"));
        assertThat(asked).extracting(Asked::token).containsExactly("Bearer token-1", "Bearer token-2");
    }

    @Test
    void tellsPassingFailures() {
        for (int status : List.of(503, 500, 429, 403)) {
            // Given
            answers.add(new Answer(status, new byte[0]));
            // Then
            assertProblem(ProblemCode.UNAVAILABLE);
        }
        server.stop(0);
        assertProblem(ProblemCode.UNAVAILABLE);
    }

    @Test
    void tellsRefusalsAndAmbiguity() {
        // Given
        answers.add(new Answer(422, new byte[0]));
        answers.add(new Answer(200, searchset(patient("one", 1), patient("other", 1))));
        // Then
        assertProblem(ProblemCode.RULE_VIOLATED);
        assertProblem(ProblemCode.MULTIPLE_MATCHES);
    }

    @Test
    void storesRelatedResourcesInOneTransaction() {
        // Given
        Condition condition = new Condition();
        condition.setId("c1");
        answers.add(new Answer(200, FhirJson.write(new Bundle())));
        // When
        registry.put(List.of(condition)).await().atMost(PATIENCE);
        registry.put(List.of()).await().atMost(PATIENCE);
        // Then
        assertThat(asked).extracting(Asked::request).containsExactly("POST /fhir");
        Bundle bundle = FhirJson.parse(Bundle.class, asked.getFirst().body());
        assertThat(bundle.getType()).isEqualTo(Bundle.BundleType.TRANSACTION);
        assertThat(bundle.getEntryFirstRep().getRequest().getMethod()).isEqualTo(HTTPVerb.PUT);
        assertThat(bundle.getEntryFirstRep().getRequest().getUrl()).isEqualTo("Condition/c1");
    }

    private FhirId findOrCreate(UnaryOperator<Patient> merge) {
        return registry.findOrCreate(NUMBER, new Patient().addIdentifier(NUMBER.copy()), merge)
                .await()
                .atMost(PATIENCE);
    }

    private void assertProblem(ProblemCode code) {
        assertThatThrownBy(() -> findOrCreate(UnaryOperator.identity()))
                .isInstanceOfSatisfying(
                        FhirProblem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        String condition = headers.getFirst("If-Match");
        asked.add(new Asked(
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                headers.getFirst("Authorization"),
                condition == null ? headers.getFirst("If-None-Exist") : condition,
                exchange.getRequestBody().readAllBytes()));
        Answer answer = answers.remove();
        exchange.getResponseHeaders().set("Content-Type", FhirJson.MEDIA_TYPE);
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    private static Patient patient(String id, int version) {
        Patient patient = new Patient().addIdentifier(NUMBER.copy());
        patient.setId(id);
        patient.getMeta().setVersionId(Integer.toString(version));
        return patient;
    }

    private static byte[] searchset(Patient... found) {
        Bundle bundle = new Bundle().setType(Bundle.BundleType.SEARCHSET);
        for (Patient patient : found) {
            bundle.addEntry().setResource(patient);
        }
        return FhirJson.write(bundle);
    }

    /** Issues {@code token-1}, {@code token-2}, ... */
    private final class CountingTokens implements OidcClient {

        @Override
        public Uni<Tokens> getTokens(Map<String, String> parameters) {
            return Uni.createFrom()
                    .item(() -> new Tokens(
                            "token-" + issued.incrementAndGet(),
                            Instant.now().getEpochSecond() + 600,
                            null,
                            null,
                            null,
                            new JsonObject(),
                            "careloop-transitions"));
        }

        @Override
        public Uni<Tokens> refreshTokens(String token, Map<String, String> parameters) {
            return getTokens(parameters);
        }

        @Override
        public Uni<Boolean> revokeAccessToken(String token, Map<String, String> parameters) {
            return Uni.createFrom().item(true);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
