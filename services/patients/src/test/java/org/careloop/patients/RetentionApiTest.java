package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.create;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.eventflow.internal.OwnTopics;
import org.careloop.eventflow.internal.RetentionLoop;
import org.careloop.testkit.RealParts;
import org.junit.jupiter.api.Test;

/** What the kernel keeps for a time only, rows of the inbox and messages of topics, and the loop that sees to it. */
@QuarkusTest
class RetentionApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PATIENTS = "patients.patient.v1";
    private static final String DEAD_LETTERS = "patients.dead-letters.v1";
    private static final String OLD = "select count(*) from inbox where received < now() - interval '200 days'";
    private static final String YOUNG =
            "select count(*) from inbox where received between now() - interval '200 days' and now() - interval '190 days'";

    @Inject
    DataSource database;

    @Inject
    RetentionLoop loop;

    @Inject
    OwnTopics topics;

    @Test
    void inboxForgetsInBatchesWhatIsOldAndNothingElse() throws SQLException {
        // Given more than two batches
        rows(2_300, 201);
        rows(700, 199);
        // When, Then
        await().atMost(PATIENCE).until(() -> {
            loop.hint();
            return count(OLD) == 0;
        });
        assertThat(count(YOUNG)).isGreaterThanOrEqualTo(700);
    }

    @Test
    void inboxRowThatIsInUseIsNotWaitedFor() throws SQLException {
        // Given
        rows(2, 300);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1 from inbox where received < now() - interval '250 days'"
                        + " limit 1 for update skip locked");
                // When, Then
                await().atMost(PATIENCE).until(() -> {
                    loop.hint();
                    return count(OLD) == 1;
                });
            }
            connection.rollback();
            connection.setAutoCommit(true);
        }
        await().atMost(PATIENCE).until(() -> {
            loop.hint();
            return count(OLD) == 0;
        });
    }

    @Test
    void topicsAreKeptAsTheSettingsSay() throws Exception {
        // Given
        create("{\"resourceType\":\"Patient\"}");
        await().atMost(PATIENCE).until(() -> exists(PATIENTS) && exists(DEAD_LETTERS));
        awaitTimes(PATIENTS, days(30), days(1));
        awaitTimes(DEAD_LETTERS, days(180), days(1));
        setForEver(PATIENTS);
        awaitTimes(PATIENTS, "-1", days(1));
        // When
        topics.prepare();
        // Then
        awaitTimes(PATIENTS, days(30), days(1));
    }

    @Test
    void loopWithLongPausesStopsAtOnce() throws Exception {
        // Given
        CountDownLatch rounds = new CountDownLatch(1);
        LeaderLoop paused = new LeaderLoop(
                "long-pauses", database, Duration.ofHours(1), Duration.ofHours(1), begun -> connection -> {
                    rounds.countDown();
                    return false;
                });
        paused.start();
        assertThat(rounds.await(30, TimeUnit.SECONDS)).isTrue();
        // When
        paused.stop();
        // Then
        assertThat(paused.isAlive()).isFalse();
    }

    private void rows(int count, int days) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into inbox select gen_random_uuid(), now() - interval '" + days
                    + " days' from generate_series(1, " + count + ")");
        }
    }

    private long count(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String days(int days) {
        return Long.toString(Duration.ofDays(days).toMillis());
    }

    private static boolean exists(String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            return admin.listTopics().names().get().contains(topic);
        }
    }

    /** A broker tells of a change a moment after it took it. */
    private static void awaitTimes(String topic, String retention, String segment) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(times(topic)).containsExactly(retention, segment));
    }

    private static List<String> times(String topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = admin()) {
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            return List.of(
                    config.get("retention.ms").value(), config.get("segment.ms").value());
        }
    }

    private static void setForEver(String topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp forEver = new AlterConfigOp(new ConfigEntry("retention.ms", "-1"), AlterConfigOp.OpType.SET);
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(forEver)))
                    .all()
                    .get();
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", RealParts.bootstrapServers()));
    }
}
