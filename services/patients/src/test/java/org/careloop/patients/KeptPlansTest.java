package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.AgencyTasks.observation;
import static org.careloop.patients.AgencyTasks.observationBody;
import static org.careloop.patients.AgencyTasks.patient;
import static org.careloop.testkit.Fhir.coordinator;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL plans what is asked often once for a connection, not for each request: ADR-0019. */
@QuarkusTest
class KeptPlansTest {

    /** So often PostgreSQL plans a statement for its values before it asks whether that is worth it. */
    private static final int TRIED = 5;

    @Inject
    Pool pool;

    @ConfigProperty(name = "quarkus.datasource.reactive.max-size")
    int connections;

    /** A migration that replaces one of them has to say so again. */
    @ParameterizedTest
    @ValueSource(strings = {"write_index", "targets_are_here"})
    void functionKeepsItsPlans(String function) {
        List<String> settings = onEachConnection(
                        "select array_to_string(proconfig, ',') from pg_proc where proname = '" + function + "'")
                .map(row -> row.getString(0))
                .distinct()
                .toList();
        assertThat(settings).containsExactly("plan_cache_mode=force_generic_plan");
    }

    @Test
    void aReadKeepsItsPlan() {
        String observation = observation(patient(), "laboratory");
        keepsItsPlan(
                "select r.type, r.id,",
                () -> coordinator().get("/fhir/" + observation).then().statusCode(200));
    }

    @Test
    void aSearchKeepsItsPlan() {
        String patient = patient();
        keepsItsPlan(
                "select true, 0::bigint, r.type",
                () -> coordinator()
                        .get("/fhir/Observation?patient=" + patient)
                        .then()
                        .statusCode(200));
    }

    @Test
    void aSearchWithIncludesKeepsItsPlan() {
        String patient = patient();
        keepsItsPlan(
                "with page as",
                () -> coordinator()
                        .get("/fhir/Patient?_id=" + patient + "&_revinclude=Observation:patient")
                        .then()
                        .statusCode(200));
    }

    @Test
    void aCreateKeepsItsPlan() {
        String body = observationBody(patient(), "laboratory");
        keepsItsPlan(
                "select case when",
                () -> coordinator().body(body).post("/fhir/Observation").then().statusCode(201));
    }

    private void keepsItsPlan(String statement, Runnable request) {
        // Given
        int often = connections * (TRIED + 2);
        IntStream.range(0, often).forEach(each -> request.run());
        Plans warm = plans(statement);
        // When
        IntStream.range(0, connections).forEach(each -> request.run());
        // Then most, for others run what begins alike meanwhile, and a write may take another way once
        Plans after = plans(statement);
        int most = connections / 2;
        assertThat(after.made()).isLessThan(warm.made() + most);
        assertThat(after.kept()).isGreaterThan(warm.kept() + most);
    }

    /** @param made how often a plan was made for the values of one request */
    private record Plans(long kept, long made) {}

    private Plans plans(String statement) {
        List<Row> rows = onEachConnection(
                        "select generic_plans, custom_plans from pg_prepared_statements where statement like '"
                                + statement + "%'")
                .toList();
        return new Plans(
                rows.stream().mapToLong(row -> row.getLong(0)).sum(),
                rows.stream().mapToLong(row -> row.getLong(1)).sum());
    }

    private Stream<Row> onEachConnection(String query) {
        return IntStream.range(0, connections)
                .mapToObj(each -> pool.withConnection(connection -> connection
                                .query("select pg_sleep(0.2)")
                                .execute()
                                .chain(() -> connection.query(query).execute()))
                        .subscribeAsCompletionStage())
                .toList()
                .stream()
                .flatMap(rows -> Stream.of(rows.toCompletableFuture().join()))
                .flatMap(rows -> StreamSupport.stream(rows.spliterator(), false));
    }
}
