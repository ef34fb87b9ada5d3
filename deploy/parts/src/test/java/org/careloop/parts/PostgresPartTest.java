package org.careloop.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PostgresPartTest {

    private static final Path FOLDER = Path.of("target", "parts", "postgres");

    private static PostgresPart postgres;

    @BeforeAll
    static void startEmpty() {
        PostgresPart.wipe(FOLDER);
        postgres = PostgresPart.start(FOLDER, 0);
        postgres.createDatabase("patients", "patients", "it's \"one\"");
        postgres.createDatabase("referrals", "referrals", "two");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void keepsDatabasesOfDifferentUsersApart() {
        assertThatThrownBy(() -> connect("referrals", "patients", "it's \"one\""))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for database \"referrals\"");
        assertThatThrownBy(() -> connect("postgres", "patients", "it's \"one\""))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for database \"postgres\"");
    }

    @Test
    void refusesWrongPassword() {
        assertThatThrownBy(() -> connect("referrals", "referrals", "three"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void keepsDataOverRestart() throws SQLException {
        // Given
        execute("CREATE TABLE IF NOT EXISTS note (text varchar)", "INSERT INTO note VALUES ('kept')");
        // When
        postgres.close();
        postgres = PostgresPart.start(FOLDER, 0);
        // Then
        assertThat(query("SELECT text FROM note LIMIT 1")).isEqualTo("kept");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void startsOverLockOfKilledServerThatNobodyAskedForItsExitCode() throws Exception {
        try (Unreaped server = Unreaped.start()) {
            // Given
            postgres.close();
            Files.writeString(
                    FOLDER.resolve("data/postmaster.pid"), server.child().pid() + "\n");
            ProcessStop.stop(server.child(), StopSignal.TERM, Duration.ofSeconds(5));
            // When
            postgres = PostgresPart.start(FOLDER, 0);
            // Then
            assertThat(query("SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void creatingDatabaseAgainKeepsItsContent() throws SQLException {
        // Given
        execute("CREATE TABLE IF NOT EXISTS again (text varchar)");
        // When
        postgres.createDatabase("referrals", "referrals", "two");
        // Then
        assertThat(query("SELECT count(*) FROM again")).isEqualTo("0");
    }

    @Test
    void refusesNameThatNeedsQuoting() {
        assertThatThrownBy(() -> postgres.createDatabase("Bad; name", "referrals", "two"))
                .isInstanceOf(PartFailure.class)
                .hasMessageContaining("expected: [a-z][a-z0-9_]{0,62}");
    }

    @Test
    void runsWithDurableCommitsAndRoomForPreparedTransactions() throws SQLException {
        assertThat(query("SHOW fsync")).isEqualTo("on");
        assertThat(query("SHOW max_prepared_transactions")).isEqualTo("64");
        assertThat(query("SHOW max_connections")).isEqualTo("200");
        assertThat(query("SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(query("SHOW server_version_num")).startsWith("1800");
    }

    private static Connection connect(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + database, user, password);
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = connect("referrals", "referrals", "two");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = connect("referrals", "referrals", "two");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
