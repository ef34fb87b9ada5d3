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
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.FederationConfig;
import org.careloop.fhirrest.OwnToken;
import org.careloop.platformhttp.PlatformHttp;
import org.careloop.transitions.TransitionsConfig;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How other services are asked for a record, against an HTTP server that plays them: each request takes the next answer. */
class HttpPatientRecordsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private record Answer(int status, byte[] body) {}

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> shown = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;
    private HttpPatientRecords records;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(TransitionsConfig.class)
                .withMapping(FederationConfig.class)
                .withDefaultValue("careloop.transitions.patients-url", "http://none")
                .withDefaultValue("careloop.transitions.document.most-read", "3")
                .withDefaultValue("careloop.transitions.document.timeout", "1s")
                .withDefaultValue(
                        "careloop.federation.services.patients",
                        "http://localhost:" + server.getAddress().getPort())
                .build();
        records = new HttpPatientRecords(
                config.getConfigMapping(TransitionsConfig.class),
                config.getConfigMapping(FederationConfig.class),
                vertx,
                PlatformHttp.plain(vertx.getDelegate()),
                new OwnToken(new Issuer()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        vertx.close().await().atMost(PATIENCE);
    }

    @Test
    void readsToTheLastPageInItsOwnName() {
        // Given
        answers.add(new Answer(200, page("https://care.example.org/fhir/Condition?_page=sealed%7C1", "c1", "c2")));
        answers.add(new Answer(200, page("", "c3")));
        // When
        List<Resource> found = find();
        // Then
        assertThat(found).extracting(each -> each.getIdElement().getIdPart()).containsExactly("c1", "c2", "c3");
        assertThat(asked)
                .containsExactly(
                        "/fhir/Condition?patient=Patient%2Fada&_count=200", "/fhir/Condition?_page=sealed%7C1");
        assertThat(shown).containsOnly("Bearer token-1");
    }

    @Test
    void moreThanADocumentIsMadeFromIsSaidNotCutOff() {
        answers.add(new Answer(200, page("", "c1", "c2", "c3", "c4")));
        assertThat(refused()).isEqualTo(ProblemCode.RULE_VIOLATED);
    }

    @Test
    void whatDoesNotAnswerMayAnswerLater() {
        answers.add(new Answer(503, new byte[0]));
        assertThat(refused()).isEqualTo(ProblemCode.UNAVAILABLE);
        answers.add(new Answer(401, new byte[0]));
        assertThat(refused()).isEqualTo(ProblemCode.UNAVAILABLE);
        answers.add(new Answer(200, page("")));
        assertThat(find()).isEmpty();
        assertThat(shown).last().isEqualTo("Bearer token-2");
        server.stop(0);
        assertThat(refused()).isEqualTo(ProblemCode.UNAVAILABLE);
    }

    @Test
    void aRefusalDoesNotPass() {
        answers.add(new Answer(400, FhirJson.write(new OperationOutcome())));
        assertThat(refused()).isEqualTo(ProblemCode.RULE_VIOLATED);
    }

    private List<Resource> find() {
        return records.find("patients", "Condition", Map.of("patient", "Patient/ada"))
                .await()
                .atMost(PATIENCE);
    }

    private ProblemCode refused() {
        var problem = new ArrayList<ProblemCode>();
        assertThatThrownBy(this::find)
                .isInstanceOfSatisfying(FhirProblem.class, failure -> problem.add(failure.code()));
        return problem.getFirst();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getRawPath() + "?"
                + exchange.getRequestURI().getRawQuery());
        shown.add(exchange.getRequestHeaders().getFirst("Authorization"));
        Answer answer = answers.remove();
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    private static byte[] page(String next, String... ids) {
        Bundle bundle = new Bundle().setType(Bundle.BundleType.SEARCHSET);
        if (!next.isEmpty()) {
            bundle.addLink().setRelation("next").setUrl(next);
        }
        for (String id : ids) {
            Condition condition = new Condition();
            condition.setId(id);
            bundle.addEntry().setResource(condition);
        }
        return FhirJson.write(bundle);
    }

    /** Issues {@code token-1}, {@code token-2}, ... */
    private static final class Issuer implements OidcClient {

        private final AtomicInteger issued = new AtomicInteger();

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
