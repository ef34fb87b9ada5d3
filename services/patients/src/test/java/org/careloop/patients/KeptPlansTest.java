package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.AgencyTasks.observation;
import static org.careloop.patients.AgencyTasks.observationBody;
import static org.careloop.patients.AgencyTasks.patient;
import static org.careloop.testkit.Fhir.coordinator;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL parses what is asked often once for a connection, not for each request, and plans it no more often than it must: ADR-0019. */
@QuarkusTest
class KeptPlansTest {

    private static final int REQUESTS = 20;

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
    void aReadIsPrepared() {
        String observation = observation(patient(), "laboratory");
        isPrepared(
                "select r.type, r.id,",
                () -> coordinator().get("/fhir/" + observation).then().statusCode(200));
    }

    @Test
    void aSearchIsPrepared() {
        String patient = patient();
        isPrepared(
                "select true, 0::bigint, r.type",
                () -> coordinator()
                        .get("/fhir/Observation?patient=" + patient)
                        .then()
                        .statusCode(200));
    }

    @Test
    void aSearchWithIncludesIsPrepared() {
        String patient = patient();
        isPrepared(
                "with page as",
                () -> coordinator()
                        .get("/fhir/Patient?_id=" + patient + "&_revinclude=Observation:patient")
                        .then()
                        .statusCode(200));
    }

    @Test
    void aCreateIsPrepared() {
        String body = observationBody(patient(), "laboratory");
        isPrepared(
                "select case when",
                () -> coordinator().body(body).post("/fhir/Observation").then().statusCode(201));
    }

    /** An organisation with many patients would otherwise wait, for each page, until all that it may see is collected. */
    @Test
    void whatACallerMaySeeIsLookedUpForEachRowThatIsFound() {
        // Given
        coordinator().get("/fhir/Observation?patient=" + patient()).then().statusCode(200);
        List<String> searches = onEachConnection("select distinct statement from pg_prepared_statements where statement"
                        + " like 'select true, 0::bigint, r.type%access_grant%' and statement like '%reference_index%'")
                .map(row -> row.getString(0))
                .distinct()
                .toList();
        // When PostgreSQL believes that to look up is dear
        List<String> plans = searches.stream().flatMap(this::planWithoutIndexes).toList();
        // Then
        assertThat(plans).isNotEmpty().noneMatch(line -> line.contains("hashed SubPlan"));
    }

    private Stream<String> planWithoutIndexes(String statement) {
        RowSet<Row> plan = pool.withTransaction(connection -> Stream.of("indexscan", "indexonlyscan", "bitmapscan")
                        .map(scan -> "set local enable_" + scan + " = off")
                        .reduce(
                                Uni.createFrom().voidItem(),
                                (before, set) -> before.chain(
                                        () -> connection.query(set).execute().replaceWithVoid()),
                                (one, other) -> one)
                        .chain(() -> connection
                                .query("explain (generic_plan) " + statement)
                                .execute()))
                .await()
                .indefinitely();
        return StreamSupport.stream(plan.spliterator(), false).map(row -> row.getString(0));
    }

    /**
     * Whether a prepared statement keeps its plan, PostgreSQL decides by its statistics, which differ from run to run here;
     * docs/development/performance.md tells how it is seen on a large store.
     */
    private void isPrepared(String statement, Runnable request) {
        // Given
        request.run();
        long before = runs(statement);
        // When
        IntStream.range(0, REQUESTS).forEach(each -> request.run());
        // Then most of them ran a statement that its connection had kept; a write may take another way once
        assertThat(runs(statement)).isGreaterThan(before + REQUESTS / 2);
    }

    /** How often prepared statements that begin so were run, on all connections that there are. */
    private long runs(String statement) {
        return onEachConnection("select generic_plans + custom_plans from pg_prepared_statements where statement like '"
                        + statement + "%'")
                .mapToLong(row -> row.getLong(0))
                .sum();
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
