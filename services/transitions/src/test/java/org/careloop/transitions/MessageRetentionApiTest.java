package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.careloop.eventflow.internal.RetentionLoop;
import org.careloop.testkit.RealParts;
import org.junit.jupiter.api.Test;

/** How long received messages are kept; time passes by making them older. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class MessageRetentionApiTest {

    @Inject
    DataSource database;

    @Inject
    RetentionLoop loop;

    private final Stay stay = Stay.fresh();

    @Test
    void contentGoesFirstAndARepeatIsStillRecognised() throws SQLException {
        // Given
        String admission = stay.admission();
        stay.tell(admission);
        stay.awaitStatus("in-progress");
        String young = stay.next().admission();
        stay.tell(young);
        soon().until(() -> state(young).equals(Optional.of("PROCESSED with content")));
        // When
        age(admission, 91);
        age(young, 89);
        soon().until(() -> look(admission).equals(Optional.of("PROCESSED without content")));
        // Then
        assertThat(state(young)).contains("PROCESSED with content");
        assertThat(Stay.send(admission.replace("4E^412^B", "5W^101^A")).statusCode())
                .isEqualTo(200);
        assertThat(state(admission)).contains("PROCESSED without content");
        assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("1");
        // When
        age(admission, 1096);
        // Then
        soon().until(() -> look(admission).isEmpty());
        assertThat(state(young)).contains("PROCESSED with content");
    }

    @Test
    void refusedMessageGoesAfterItsOwnTime() throws SQLException {
        // Given
        String old = incomplete();
        String young = incomplete();
        Stay.send(old);
        Stay.send(young);
        // When
        age(old, 181);
        age(young, 179);
        // Then
        soon().until(() -> look(old).isEmpty());
        assertThat(state(young)).contains("REJECTED with content");
    }

    @Test
    void whatFailedWaitsForAnOperatorHoweverOld() throws SQLException {
        // Given
        String admission = stay.admission();
        stay.tell(admission);
        stay.awaitStatus("in-progress");
        String refused = incomplete();
        Stay.send(refused);
        update("update hl7_message set status = 'FAILED' where control_id = ?", admission);
        age(admission, 5000);
        age(refused, 181);
        // When
        soon().until(() -> look(refused).isEmpty());
        // Then
        assertThat(state(admission)).contains("FAILED with content");
        update("update hl7_message set status = 'PROCESSED' where control_id = ?", admission);
    }

    private String incomplete() {
        return stay.admission().replace(stay.visit() + "^^^GENHOSP^VN", "");
    }

    private void age(String message, int days) throws SQLException {
        update("update hl7_message set received = now() - interval '" + days + " days' where control_id = ?", message);
    }

    private void update(String statement, String message) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement sql = connection.prepareStatement(statement)) {
            sql.setString(1, Stay.controlId(message));
            assertThat(sql.executeUpdate()).isEqualTo(1);
        }
    }

    /** Asks for a look at what is old, and returns what was left of the message before. */
    private Optional<String> look(String message) throws SQLException {
        loop.hint();
        return state(message);
    }

    private Optional<String> state(String message) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement sql = connection.prepareStatement(
                        "select status, raw is null from hl7_message where control_id = ?")) {
            sql.setString(1, Stay.controlId(message));
            ResultSet row = sql.executeQuery();
            return row.next()
                    ? Optional.of(row.getString(1) + (row.getBoolean(2) ? " without content" : " with content"))
                    : Optional.empty();
        }
    }
}
