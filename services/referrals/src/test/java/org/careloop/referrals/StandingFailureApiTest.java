package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import javax.sql.DataSource;
import org.careloop.referrals.app.WatchStandings;
import org.careloop.testkit.RealParts;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** An agency of which there is too much to count. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
@TestProfile(StandingFailureApiTest.OneVersion.class)
class StandingFailureApiTest {

    /** No more than one version of a Task may be looked at. */
    public static class OneVersion implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("careloop.referrals.max-versions-counted", "1");
        }
    }

    @Inject
    DataSource database;

    @Inject
    WatchStandings watch;

    @Test
    void keepsItsLastStandingAndNoOtherWaiting() throws SQLException {
        // Given
        Scene scene = Scene.ofNewService();
        String busy = "a-busy-" + scene.plan();
        String idle = "b-idle-" + scene.plan();
        Scene.agency(busy, scene.service(), "021");
        Scene.agency(idle, scene.service(), "021");
        Scene.known(scene.patient());
        for (int i = 0; i < 2; i++) {
            String request = Orders.created(Orders.request(scene.patient()));
            Orders.created(Orders.task(scene.patient(), request).setOwner(new Reference("Organization/" + busy)));
        }
        measured(busy, Instant.now().minusSeconds(3600), 20);
        String gone = "gone-" + scene.plan();
        measured(gone, Instant.now().minusSeconds(91 * 86400), 20);
        // When
        watch.hint();
        // Then
        soon().untilAsserted(() -> assertThat(asked(idle)).isZero());
        soon().untilAsserted(() -> assertThat(asked(gone)).isEqualTo(-1));
        assertThat(asked(busy)).isEqualTo(20);
    }

    private void measured(String agency, Instant at, int asked) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("insert into agency_standing values (?, ?, ?, 1, 1, 1, 1)")) {
            statement.setString(1, "Organization/" + agency);
            statement.setObject(2, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            statement.setInt(3, asked);
            statement.executeUpdate();
        }
    }

    /** -1 where it was not measured. */
    private int asked(String agency) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select asked from agency_standing where organization = ?")) {
            statement.setString(1, "Organization/" + agency);
            ResultSet row = statement.executeQuery();
            return row.next() ? row.getInt(1) : -1;
        }
    }
}
