package org.careloop.patients;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Events.header;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** Outbox, relay, inbox and dead letters, on a real PostgreSQL and a real broker. */
@QuarkusTest
class EventFlowApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PATIENTS = "patients.patient.v1";
    private static final String TASKS = "referrals.task.v1";
    private static final String DEAD_LETTERS = "patients.dead-letters.v1";
    private static final String LEADER =
            "select pid from pg_locks where locktype = 'advisory' and granted and database ="
                    + " (select oid from pg_database where datname = current_database())";

    @Inject
    DataSource database;

    @Test
    void everyWriteIsToldOnceWithTheStoredBytesAndInOrder() {
        // Given
        String trace = "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01";
        String id = coordinator()
                .header("traceparent", trace)
                .body(patient(""))
                .post("/fhir/Patient")
                .path("id");
        byte[] first = coordinator().get("/fhir/Patient/{id}", id).asByteArray();
        byte[] second =
                coordinator().body(patient(id, 2)).put("/fhir/Patient/{id}", id).asByteArray();
        coordinator().delete("/fhir/Patient/{id}", id).then().statusCode(204);
        // When
        List<ConsumerRecord<String, byte[]>> events = awaitEvents(PATIENTS, "Patient/" + id, 3);
        // Then
        assertThat(events)
                .extracting(event -> header(event, "ce_type"))
                .containsExactly(
                        "org.careloop.Patient.created", "org.careloop.Patient.updated", "org.careloop.Patient.deleted");
        assertThat(events)
                .extracting(event -> header(event, "ce_resourceversion"))
                .containsExactly("1", "2", "3");
        assertThat(events).allSatisfy(event -> {
            assertThat(header(event, "ce_subject")).isEqualTo("Patient/" + id);
            assertThat(header(event, "ce_source")).isEqualTo("/careloop/patients");
            assertThat(header(event, "ce_specversion")).isEqualTo("1.0");
            assertThat(header(event, "content-type")).isEqualTo("application/fhir+json");
        });
        assertThat(header(events.getFirst(), "traceparent")).isEqualTo(trace);
        assertThat(events).extracting(event -> header(event, "ce_id")).doesNotHaveDuplicates();
        assertThat(events.get(0).value()).isEqualTo(first);
        assertThat(events.get(1).value()).isEqualTo(second);
        assertThat(events.get(2).value()).isEqualTo(second);
    }

    @Test
    void whatIsAboutAPatientHasThePatientAsKey() {
        // Given
        String patient = create(patient(""));
        // When
        String id = create("{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/" + patient + "\"}}");
        // Then
        assertThat(awaitEvents("patients.condition.v1", "Patient/" + patient, 1))
                .extracting(event -> header(event, "ce_subject"))
                .containsExactly("Condition/" + id);
    }

    @Test
    void whatWasRolledBackIsNotTold() {
        // Given
        String urn = "urn:uuid:" + UUID.randomUUID();
        long before = Events.all(PATIENTS).size();
        // When
        Response failed = coordinator()
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":\"" + urn
                        + "\",\"resource\":"
                        + patient("")
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}},{\"resource\":{\"resourceType\":"
                        + "\"Observation\"},\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}}]}")
                .post("/fhir");
        // Then
        problem(failed, ProblemCode.INVALID_RESOURCE);
        String id = create(patient(""));
        awaitEvents(PATIENTS, "Patient/" + id, 1);
        assertThat(Events.all(PATIENTS).size() - before).isEqualTo(1);
    }

    @Test
    void theEventOfASlowTransactionIsNotSteppedOver() throws SQLException {
        // Given
        String slow = create(patient(""));
        awaitEvents(PATIENTS, "Patient/" + slow, 1);
        String fast;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("insert into outbox (event_id, type, id, version, change, key, occurred) values ('"
                        + UUID.randomUUID() + "', 'Patient', '" + slow + "', 1, 'updated', 'Patient/" + slow
                        + "', now())");
            }
            // When
            fast = create(patient(""));
            // Then: the later one waits for the earlier one, which still may commit
            await().during(Duration.ofSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> Events.of(PATIENTS, "Patient/" + fast).isEmpty());
            connection.commit();
            connection.setAutoCommit(true);
        }
        awaitEvents(PATIENTS, "Patient/" + fast, 1);
        assertThat(awaitEvents(PATIENTS, "Patient/" + slow, 2)).hasSize(2);
    }

    @Test
    void nothingIsLostAndOrderIsKeptWhenTheRelayIsCutOffInABurst() throws SQLException {
        // Given
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(create(patient("")));
        }
        // When
        for (int version = 2; version <= 21; version++) {
            for (String id : ids) {
                coordinator()
                        .body(patient(id, version))
                        .put("/fhir/Patient/{id}", id)
                        .then()
                        .statusCode(200);
            }
            if (version % 7 == 0) {
                assertThat(cutOffRelay()).as("a relay was there").isTrue();
            }
        }
        // Then
        List<String> all =
                IntStream.rangeClosed(1, 21).mapToObj(Integer::toString).toList();
        for (String id : ids) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(Events.of(PATIENTS, "Patient/" + id).stream()
                                    .map(event -> header(event, "ce_resourceversion"))
                                    .distinct())
                            .containsExactlyElementsOf(all));
        }
        await().atMost(PATIENCE).until(() -> count("select count(*) from outbox") == 0);
    }

    @Test
    void aRepeatedEventHasOneEffect() throws SQLException {
        // Given
        String patient = create(patient(""));
        ResourceEvent event = task(patient, "harbor", "accepted", 1);
        // When
        Events.tell("referrals", event);
        Events.tell("referrals", event);
        ResourceEvent marker = task(patient, "harbor", "accepted", 2);
        Events.tell("referrals", marker);
        // Then
        await().atMost(PATIENCE)
                .until(() -> count("select count(*) from inbox where event_id = '" + marker.id() + "'") == 1);
        assertThat(count("select count(*) from inbox where event_id = '" + event.id() + "'"))
                .isEqualTo(1);
        assertThat(count("select count(*) from access_grant where name = 'accepted' and source = '" + event.resource()
                        + "'"))
                .isEqualTo(1);
    }

    @Test
    void ofSeveralGrantsOfOneTaskTheLastHolds() throws SQLException {
        // Given
        String patient = create(patient(""));
        ResourceEvent first = task(patient, "harbor", "accepted", 1);
        ResourceEvent second = task(patient, "meadow", "accepted", 2);
        ResourceEvent nobody = Events.event(
                first.resource(),
                Change.UPDATED,
                3,
                first.key(),
                "{\"resourceType\":\"Task\",\"status\":\"requested\",\"for\":{\"reference\":\"" + first.key() + "\"}}");
        // When
        Events.tell("referrals", first);
        Events.tell("referrals", second);
        // Then
        await().atMost(PATIENCE).until(() -> openGrants(first, "meadow") == 1);
        assertThat(openGrants(first, "harbor")).isZero();
        // When
        Events.tell("referrals", nobody);
        Events.tell("referrals", first);
        // Then
        await().atMost(PATIENCE).until(() -> openGrants(first, "meadow") == 0);
        assertThat(openGrants(first, "harbor")).isZero();
    }

    private long openGrants(ResourceEvent event, String organization) throws SQLException {
        return count("select count(*) from access_grant where name = 'accepted' and open_until is null and source = '"
                + event.resource() + "' and grantee = '" + organization + "'");
    }

    @Test
    void aPoisonousEventGoesToTheDeadLettersAndThoseBehindItGoOn() throws SQLException {
        // Given
        String patient = create(patient(""));
        String key = "Patient/" + patient;
        ResourceEvent good = task(patient, "harbor", "accepted", 1);
        ResourceEvent poison = Events.event(
                ResourceKey.of("Task", "poison-" + patient),
                Change.UPDATED,
                1,
                key,
                "{\"resourceType\":\"Task\",\"status\":\"Zyxwvut\"}");
        Map<String, byte[]> headless =
                Map.of("ce_subject", ("Task/headless-" + patient).getBytes(StandardCharsets.UTF_8));
        // When
        Events.tell("referrals", poison);
        Events.send(TASKS, key, headless, "{}".getBytes(StandardCharsets.UTF_8));
        Events.tell("referrals", good);
        // Then
        await().atMost(PATIENCE)
                .until(() -> count("select count(*) from inbox where event_id = '" + good.id() + "'") == 1);
        List<ConsumerRecord<String, byte[]>> letters = awaitEvents(DEAD_LETTERS, key, 2);
        ConsumerRecord<String, byte[]> source = Events.of(TASKS, key).getFirst();
        assertThat(letters.getFirst().value()).isEqualTo(poison.payload());
        assertThat(header(letters.getFirst(), "ce_id")).isEqualTo(poison.id().toString());
        assertThat(header(letters.getFirst(), "careloop_reason")).startsWith("MALFORMED_BODY");
        assertThat(header(letters.getFirst(), "careloop_topic")).isEqualTo(TASKS);
        assertThat(header(letters.getFirst(), "careloop_partition")).isEqualTo(Integer.toString(source.partition()));
        assertThat(header(letters.getFirst(), "careloop_offset")).isEqualTo(Long.toString(source.offset()));
        assertThat(count("select count(*) from inbox where event_id = '" + poison.id() + "'"))
                .isZero();
        Response listed = as(Tokens.supervisor()).get("/operations/dead-letters");
        assertThat(listed.statusCode()).as(listed.asString()).isEqualTo(200);
        assertThat(listed.<List<String>>path("resource"))
                .contains("Task/poison-" + patient, "Task/headless-" + patient);
        assertThat(listed.<String>path("find { it.eventId == '" + poison.id() + "' }.reason"))
                .isEqualTo("MALFORMED_BODY: Task.status: invalid value (expected: one that FHIR R4 allows here)");
        assertThat(listed.asString()).doesNotContain("resourceType");
    }

    @Test
    void aLetterTakesEffectWhenItsCauseIsMendedEvenAfterAReplayThatFailed() throws SQLException {
        // Given
        String patient = create(patient(""));
        ResourceEvent event = task(patient, "harbor", "accepted", 1);
        execute("alter table access_grant add constraint broken check (source <> '" + event.resource()
                + "') not valid");
        Events.tell("referrals", event);
        awaitEvents(DEAD_LETTERS, event.key(), 1);
        // When
        Response failed = as(Tokens.service()).post("/operations/dead-letters/replay");
        // Then
        assertThat(failed.statusCode()).as(failed.asString()).isEqualTo(200);
        assertThat(failed.<Integer>path("failedAgain")).isPositive();
        assertThat(header(awaitEvents(DEAD_LETTERS, event.key(), 2).getLast(), "careloop_topic"))
                .isEqualTo(TASKS);
        // When
        execute("alter table access_grant drop constraint broken");
        Response mended = as(Tokens.service()).post("/operations/dead-letters/replay");
        // Then
        assertThat(mended.<Integer>path("taken")).isPositive();
        assertThat(count("select version from grant_version where source = '" + event.resource() + "'"))
                .isEqualTo(1);
        assertThat(as(Tokens.supervisor()).get("/operations/dead-letters").<List<String>>path("resource"))
                .doesNotContain(event.resource().reference());
    }

    @Test
    void aSecondReplayIsRefusedWhileOneRuns() throws Exception {
        // Given
        String patient = create(patient(""));
        ResourceEvent event = task(patient, "harbor", "accepted", 1);
        execute("alter table access_grant add constraint slow check (source <> '" + event.resource() + "') not valid");
        Events.tell("referrals", event);
        awaitEvents(DEAD_LETTERS, event.key(), 1);
        execute("alter table access_grant drop constraint slow");
        try (Connection connection = database.getConnection();
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("lock table access_grant in exclusive mode");
            }
            Future<Response> first = other.submit(() -> as(Tokens.service()).post("/operations/dead-letters/replay"));
            await().atMost(PATIENCE)
                    .until(() -> count("select count(*) from pg_locks where not granted and relation ="
                                    + " 'access_grant'::regclass")
                            > 0);
            // When
            Response second = as(Tokens.service()).post("/operations/dead-letters/replay");
            // Then
            assertThat(problem(second, ProblemCode.IN_PROGRESS))
                    .isEqualTo("replay: runs already (expected: one at a time)");
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(first.get().statusCode()).isEqualTo(200);
            assertThat(first.get().<Integer>path("taken")).isPositive();
        }
        assertThat(as(Tokens.service()).post("/operations/dead-letters/replay").statusCode())
                .isEqualTo(200);
        assertThat(count("select version from grant_version where source = '" + event.resource() + "'"))
                .isEqualTo(1);
    }

    @Test
    void onlyOperatorsSeeDeadLetters() {
        problem(as(Tokens.coordinator()).get("/operations/dead-letters"), ProblemCode.FORBIDDEN);
        problem(as(Tokens.partner("harbor")).post("/operations/dead-letters/replay"), ProblemCode.FORBIDDEN);
        problem(given().get("/operations/dead-letters"), ProblemCode.UNAUTHENTICATED);
    }

    private static List<ConsumerRecord<String, byte[]>> awaitEvents(String topic, String key, int count) {
        return await().atMost(PATIENCE).until(() -> Events.of(topic, key), events -> events.size() >= count);
    }

    private static ResourceEvent task(String patient, String owner, String status, long version) {
        String id = "t-" + patient;
        return Events.event(
                ResourceKey.of("Task", id),
                Change.UPDATED,
                version,
                "Patient/" + patient,
                "{\"resourceType\":\"Task\",\"id\":\"" + id + "\",\"status\":\"" + status
                        + "\",\"intent\":\"order\",\"for\":{\"reference\":\"Patient/" + patient
                        + "\"},\"owner\":{\"reference\":\"Organization/" + owner + "\"}}");
    }

    private static String patient(String id) {
        return patient(id, 1);
    }

    /** Each {@code content} makes a body that differs from the others. */
    private static String patient(String id, int content) {
        return "{\"resourceType\":\"Patient\"" + (id.isEmpty() ? "" : ",\"id\":\"" + id + "\"")
                + ",\"multipleBirthInteger\":" + content + "}";
    }

    private boolean cutOffRelay() throws SQLException {
        return await().atMost(PATIENCE)
                        .until(
                                () -> count("with l as materialized (" + LEADER
                                        + ") select count(*) from l where pg_terminate_backend(l.pid)"),
                                cut -> cut > 0)
                > 0;
    }

    private long count(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : -1;
        }
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
