package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.found;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.careloop.eventflow.internal.ReindexLoop;
import org.careloop.fhirsearch.IndexEntries;
import org.careloop.testkit.Events;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an older release stored is found by the parameters of this one, without being written. */
@QuarkusTest
class ReindexingApiTest {

    @TestHTTPResource(value = "/health/ready", management = true)
    URI health;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OBSERVATIONS = "patients.observation.v1";

    /** As the release before the column index_version called it. Its index knew the parameter status alone. */
    private static final String STORED_BY_OLDER_RELEASE = """
            select create_resource('Observation', ?, hashtextextended(?, 0), '2026-11-01T10:00:00Z', 'p1', convert_to(?, 'UTF8'),
              null, '{4711}'::bigint[], null, '{1,2,3,4}'::bigint[], '{1}', '{1}', '{1}', '{old}',
              '{}', '{}', '{}', '{}', '{}', '{}', gen_random_uuid(), 'created', ?, null)""";

    private static final String LEFT = "select count(*) from resource where index_version < 1 and not deleted";
    /** The locks by which instances lead end with their connections. */
    private static final String END_LEADERS =
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database ="
                    + " (select oid from pg_database where datname = current_database())";

    @Inject
    DataSource database;

    @Inject
    ReindexLoop loop;

    private final String mark = UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void nothingIsLeftOfThePatient() {
        coordinator().body("{\"resourceType\":\"Patient\",\"id\":\"p1\"}").put("/fhir/Patient/p1");
        awaitAllIndexed();
    }

    @Test
    void whatAnOlderReleaseStoredIsFound() throws SQLException {
        // Given
        storedByOlderRelease(0);
        // When
        awaitAllIndexed();
        // Then
        assertThat(found("Observation?code:text=pulse&identifier=" + mark)).containsExactly(id(0));
        assertThat(found("Observation?value-quantity=80&identifier=" + mark)).containsExactly(id(0));
        assertThat(found("Observation?subject=Patient/p1&identifier=" + mark)).containsExactly(id(0));
        assertThat(found("Observation?date=2026-11-01&identifier=" + mark)).containsExactly(id(0));
        assertThat(count(
                        "select count(*) from resource r join token_index i on i.rid = r.rid where i.h = 4711 and r.id = '"
                                + id(0) + "'"))
                .isZero();
        assertThat(count("select count(*) from resource r join string_index i on i.rid = r.rid where i.folded = 'old'"
                        + " and r.id = '" + id(0) + "'"))
                .isZero();
    }

    @Test
    void itIsNoNewVersionAndNothingIsTold() throws SQLException {
        // Given
        storedByOlderRelease(0);
        // When
        awaitAllIndexed();
        // Then
        coordinator()
                .get("/fhir/Observation/{id}/_history", id(0))
                .then()
                .body("entry.size()", Matchers.is(1))
                .body("entry[0].resource.meta.lastUpdated", Matchers.startsWith("2026-11-01T10:00:00"));
        assertThat(count(
                        "select count(*) from resource where version = 1 and changed = '2026-11-01T10:00:00Z' and id = '"
                                + id(0) + "'"))
                .isEqualTo(1);
        await().atMost(PATIENCE).until(() -> count("select count(*) from outbox") == 0);
        assertThat(Events.of(OBSERVATIONS, mark)).hasSize(1);
    }

    @Test
    void rowThatIsBeingWrittenIsLeftToItsWriterAndLookedAtAgain() throws SQLException {
        // Given
        storedByOlderRelease(0, 1, 2);
        try (Connection writer = database.getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("select 1 from resource where id = '" + id(1) + "' for update");
            // When
            await().atMost(PATIENCE).until(() -> left() == 1);
            // Then
            assertThat(found("Observation?value-quantity=80&identifier=" + mark))
                    .containsOnly(id(0), id(2));
            writer.rollback();
            writer.setAutoCommit(true);
        }
        awaitAllIndexed();
        assertThat(found("Observation?value-quantity=80&identifier=" + mark)).containsOnly(id(0), id(1), id(2));
    }

    @Test
    void writeThatRacesWins() throws Exception {
        // Given
        int[] numbers = IntStream.range(0, 300).toArray();
        storedByOlderRelease(numbers);
        // When
        try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
            loop.hint();
            for (int number = 0; number < numbers.length; number += 5) {
                String body = body(number).replace("\"value\":80", "\"value\":81");
                String id = id(number);
                writers.execute(() -> coordinator().body(body).put("/fhir/Observation/{id}", id));
            }
        }
        awaitAllIndexed();
        // Then
        assertThat(total("value-quantity=81")).isEqualTo(60);
        assertThat(total("value-quantity=80")).isEqualTo(240);
        assertThat(count("select count(*) from resource where version = 2 and id like '" + mark + "-%'"))
                .isEqualTo(60);
    }

    @Test
    void goesOnAfterAnEndInTheMiddle() throws SQLException {
        // Given
        storedByOlderRelease(IntStream.range(0, 400).toArray());
        loop.hint();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> left() < 400);
        long left = left();
        // When
        execute(END_LEADERS);
        // Then
        assertThat(left).isPositive();
        awaitAllIndexed();
        assertThat(total("value-quantity=80")).isEqualTo(400);
    }

    @Test
    void bodyThatCannotBeReadKeepsNoneOfTheOthers() throws SQLException {
        // Given
        storedByOlderRelease(0, 1);
        execute("update resource set body = 'x' where id = '" + id(0) + "'");
        // When
        await().atMost(PATIENCE).until(() -> left() == 1);
        // Then
        assertThat(found("Observation?value-quantity=80&identifier=" + mark)).containsExactly(id(1));
        execute("delete from resource where id = '" + id(0) + "'");
    }

    @Test
    void healthTellsWhatIsLeft() {
        RestAssured.get(health)
                .then()
                .body("checks.find { it.name == 'search index' }.status", Matchers.is("UP"))
                .body("checks.find { it.name == 'search index' }.data.outdated", Matchers.notNullValue());
    }

    /** Without it a look would read the whole table. */
    @Test
    void databaseKnowsWhatIsOutdatedByTheVersionOfThisRelease() throws SQLException {
        assertThat(count("select count(*) from pg_indexes where indexname = 'resource_outdated' and indexdef like"
                        + " '%index_version < " + IndexEntries.VERSION + ")%'"))
                .isEqualTo(1);
    }

    private String id(int number) {
        return mark + "-" + number;
    }

    private String body(int number) {
        return """
                {"resourceType":"Observation","id":"%s","meta":{"versionId":"1","lastUpdated":"2026-11-01T10:00:00.000+00:00"},
                 "identifier":[{"value":"%s"}],"status":"final","code":{"text":"Pulse"},"subject":{"reference":"Patient/p1"},
                 "effectiveDateTime":"2026-11-01","valueQuantity":{"value":80,"unit":"beats"}}""".formatted(id(number), mark);
    }

    private void storedByOlderRelease(int... numbers) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(STORED_BY_OLDER_RELEASE)) {
                for (int number : numbers) {
                    statement.setString(1, id(number));
                    statement.setString(2, id(number));
                    statement.setString(3, body(number));
                    statement.setString(4, mark);
                    statement.executeQuery().close();
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private void awaitAllIndexed() {
        await().atMost(PATIENCE).until(() -> {
            loop.hint();
            return left() == 0;
        });
    }

    private int total(String condition) {
        return coordinator()
                .get("/fhir/Observation?" + condition + "&identifier=" + mark + "&_summary=count")
                .path("total");
    }

    private long left() throws SQLException {
        return count(LEFT);
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
