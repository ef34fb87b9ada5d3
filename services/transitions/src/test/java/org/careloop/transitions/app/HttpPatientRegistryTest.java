package org.careloop.transitions.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.impl.VertxInternal;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OwnToken;
import org.careloop.platformhttp.PlatformHttp;
import org.careloop.transitions.TransitionsConfig;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the patients service is asked, against an HTTP server that plays it: each request takes the next answer. */
class HttpPatientRegistryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Identifier NUMBER =
            new Identifier().setSystem("https://example.org/mrn").setValue("A,1 b");
    private static final String IDENTIFY = "POST /identity/identify";
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

    /** A session of the database that waits meanwhile lives on its own event loop. */
    @Test
    void whoWaitsForATokenTogetherWithOthersGoesOnWhereItWas() throws InterruptedException {
        // Given
        CompletableFuture<Tokens> late = new CompletableFuture<>();
        OwnToken own = new OwnToken(new CountingTokens() {
            @Override
            public Uni<Tokens> getTokens(Map<String, String> parameters) {
                return Uni.createFrom().completionStage(late);
            }
        });
        List<Context> asking = List.of(newContext(), newContext(), newContext());
        // When
        CountDownLatch waiting = new CountDownLatch(asking.size());
        List<CompletableFuture<Context>> went = asking.stream()
                .map(context -> {
                    CompletableFuture<Context> where = new CompletableFuture<>();
                    context.runOnContext(ignored -> {
                        own.bearer().subscribe().with(token -> where.complete(io.vertx.core.Vertx.currentContext()));
                        waiting.countDown();
                    });
                    return where;
                })
                .toList();
        assertThat(waiting.await(5, TimeUnit.SECONDS)).isTrue();
        late.complete(token());
        // Then
        assertThat(went.stream().map(each -> each.orTimeout(5, TimeUnit.SECONDS).join()))
                .containsExactlyElementsOf(asking);
    }

    private Context newContext() {
        return ((VertxInternal) vertx.getDelegate()).createEventLoopContext();
    }

    @Test
    void asksWhoItIsInOneRequest() {
        // Given
        answers.add(new Answer(200, identified(patient("known", 4))));
        // When
        FhirId id = identify(UnaryOperator.identity());
        // Then
        assertThat(id).isEqualTo(new FhirId("known"));
        assertThat(asked).extracting(Asked::request).containsExactly(IDENTIFY);
        assertThat(asked).extracting(Asked::token).containsOnly("Bearer token-1");
        Parameters told = FhirJson.parse(Parameters.class, asked.getFirst().body());
        assertThat(((Patient) told.getParameter("resource").getResource())
                        .getIdentifierFirstRep()
                        .getValue())
                .isEqualTo("A,1 b");
    }

    @Test
    void changesPatientThatIsFoundInItsVersion() {
        // Given
        answers.add(new Answer(200, identified(patient("known", 4))));
        answers.add(new Answer(200, FhirJson.write(patient("known", 5))));
        // When
        FhirId id = identify(found -> found.setActive(true));
        // Then
        assertThat(id).isEqualTo(new FhirId("known"));
        assertThat(asked).extracting(Asked::request).containsExactly(IDENTIFY, "PUT /fhir/Patient/known");
        assertThat(asked.getLast().condition()).isEqualTo("W/\"4\"");
        assertThat(FhirJson.parse(Patient.class, asked.getLast().body()).getActive())
                .isTrue();
    }

    @Test
    void asksAgainWhatWasChangedMeanwhile() {
        // Given
        answers.add(new Answer(200, identified(patient("known", 4))));
        answers.add(new Answer(412, new byte[0]));
        answers.add(new Answer(200, identified(patient("known", 5))));
        answers.add(new Answer(200, FhirJson.write(patient("known", 6))));
        // When
        FhirId id = identify(found -> found.setActive(true));
        // Then
        assertThat(id).isEqualTo(new FhirId("known"));
        assertThat(asked).hasSize(4);
        assertThat(asked.getLast().condition()).isEqualTo("W/\"5\"");
    }

    @Test
    void mergesTheOneWithTheNumberThatIsNoMore() {
        // Given
        answers.add(new Answer(200, searchset(patient("gone", 1))));
        answers.add(new Answer(200, FhirJson.write(new Parameters())));
        // When
        registry.merge(NUMBER, new FhirId("known")).await().atMost(PATIENCE);
        // Then
        assertThat(asked).extracting(Asked::request).containsExactly("GET " + SEARCH, "POST /fhir/Patient/$merge");
        Parameters merge = FhirJson.parse(Parameters.class, asked.getLast().body());
        assertThat(((Reference) merge.getParameter("source-patient").getValue()).getReference())
                .isEqualTo("Patient/gone");
        assertThat(((Reference) merge.getParameter("target-patient").getValue()).getReference())
                .isEqualTo("Patient/known");
    }

    @Test
    void givesANumberThatNobodyHasToTheSurvivor() {
        // Given
        answers.add(new Answer(200, searchset()));
        Patient survivor = new Patient();
        survivor.setId("known");
        survivor.getMeta().setVersionId("3");
        answers.add(new Answer(200, FhirJson.write(survivor)));
        answers.add(new Answer(200, FhirJson.write(patient("known", 4))));
        // When
        registry.merge(NUMBER, new FhirId("known")).await().atMost(PATIENCE);
        // Then
        assertThat(asked.getLast().request()).isEqualTo("PUT /fhir/Patient/known");
        Identifier kept = FhirJson.parse(Patient.class, asked.getLast().body()).getIdentifierFirstRep();
        assertThat(kept.getUse()).isEqualTo(Identifier.IdentifierUse.OLD);
        assertThat(kept.getValue()).isEqualTo("A,1 b");
    }

    @Test
    void leavesAloneWhoWasMergedBefore() {
        // Given
        answers.add(new Answer(200, searchset(patient("known", 1))));
        // When
        registry.merge(NUMBER, new FhirId("known")).await().atMost(PATIENCE);
        // Then
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksWithNewTokenAfterOneWasRefused() {
        // Given
        answers.add(new Answer(401, new byte[0]));
        answers.add(new Answer(200, identified(patient("known", 4))));
        // When
        assertProblem(ProblemCode.UNAVAILABLE);
        FhirId id = identify(UnaryOperator.identity());
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
    void tellsRefusals() {
        // Given
        answers.add(new Answer(422, new byte[0]));
        // Then
        assertProblem(ProblemCode.RULE_VIOLATED);
    }

    @Test
    void storesRelatedResourcesInOneTransaction() {
        // Given
        Condition condition = new Condition();
        condition.setId("c1");
        answers.add(new Answer(200, FhirJson.write(new Bundle())));
        // When
        registry.put(List.of(condition), Details.REPLACE).await().atMost(PATIENCE);
        registry.put(List.of(), Details.REPLACE).await().atMost(PATIENCE);
        // Then
        assertThat(asked).extracting(Asked::request).containsExactly("POST /fhir");
        Bundle bundle = FhirJson.parse(Bundle.class, asked.getFirst().body());
        assertThat(bundle.getType()).isEqualTo(Bundle.BundleType.TRANSACTION);
        assertThat(bundle.getEntryFirstRep().getRequest().getMethod()).isEqualTo(HTTPVerb.PUT);
        assertThat(bundle.getEntryFirstRep().getRequest().getUrl()).isEqualTo("Condition/c1");
    }

    @Test
    void storesWhatIsToldLateOnlyWhereThereIsNothing() {
        // Given
        Condition known = new Condition();
        known.setId("known");
        Condition absent = new Condition();
        absent.setId("absent");
        answers.add(new Answer(200, FhirJson.write(known)));
        answers.add(new Answer(404, new byte[0]));
        answers.add(new Answer(200, FhirJson.write(new Bundle())));
        // When
        registry.put(List.of(known, absent), Details.FILL_ABSENT).await().atMost(PATIENCE);
        // Then
        Bundle bundle = FhirJson.parse(Bundle.class, asked.getLast().body());
        assertThat(bundle.getEntry())
                .singleElement()
                .satisfies(entry -> assertThat(entry.getRequest().getUrl()).isEqualTo("Condition/absent"));
    }

    @Test
    void leavesAloneWhoseNumberMayHaveBeenGivenTwice() {
        // Given
        Parameters doubtful = FhirJson.parse(Parameters.class, identified(patient("known", 4)));
        doubtful.addParameter().setName("grade").setValue(new CodeType("possible"));
        answers.add(new Answer(200, FhirJson.write(doubtful)));
        // When
        FhirId id = identify(found -> found.setActive(true));
        // Then
        assertThat(id).isEqualTo(new FhirId("known"));
        assertThat(asked).hasSize(1);
    }

    private FhirId identify(UnaryOperator<Patient> merge) {
        return registry.identify(new Patient().addIdentifier(NUMBER.copy()), merge)
                .await()
                .atMost(PATIENCE);
    }

    private void assertProblem(ProblemCode code) {
        assertThatThrownBy(() -> identify(UnaryOperator.identity()))
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

    private static byte[] identified(Patient patient) {
        Parameters parameters = new Parameters();
        parameters.addParameter().setName("patient").setResource(patient);
        return FhirJson.write(parameters);
    }

    private static byte[] searchset(Patient... found) {
        Bundle bundle = new Bundle().setType(Bundle.BundleType.SEARCHSET);
        for (Patient patient : found) {
            bundle.addEntry().setResource(patient);
        }
        return FhirJson.write(bundle);
    }

    /** Issues {@code token-1}, {@code token-2}, ... */
    private Tokens token() {
        return new Tokens(
                "token-" + issued.incrementAndGet(),
                Instant.now().getEpochSecond() + 600,
                null,
                null,
                null,
                new JsonObject(),
                "careloop-transitions");
    }

    private class CountingTokens implements OidcClient {

        @Override
        public Uni<Tokens> getTokens(Map<String, String> parameters) {
            return Uni.createFrom().item(HttpPatientRegistryTest.this::token);
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
