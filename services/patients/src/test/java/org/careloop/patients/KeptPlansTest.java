package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions of the store that look up lists of keys keep the plans of their statements: ADR-0019. A migration that replaces
 * one of them has to say so again.
 */
@QuarkusTest
class KeptPlansTest {

    @Inject
    DataSource database;

    @ParameterizedTest
    @ValueSource(strings = {"write_index", "targets_are_here"})
    void functionKeepsItsPlans(String function) throws SQLException {
        // Given
        List<String> settings = new ArrayList<>();
        // When
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "select array_to_string(proconfig, ',') from pg_proc where proname = ?")) {
            query.setString(1, function);
            ResultSet rows = query.executeQuery();
            while (rows.next()) {
                settings.add(rows.getString(1));
            }
        }
        // Then
        assertThat(settings).containsExactly("plan_cache_mode=force_generic_plan");
    }
}
