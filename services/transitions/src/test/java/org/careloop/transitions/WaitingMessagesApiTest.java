package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.Stay.soon;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

/** Messages whose effect has to wait, is refused, or that were refused themselves; and what an operator does about it. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class WaitingMessagesApiTest {

    private static final String MESSAGES = "/operations/hl7-messages";

    @Inject
    InMemoryPatients patients;

    @Inject
    DataSource database;

    private final Stay stay = Stay.fresh();

    @Test
    void messageWaitsForPatientsServiceAndIsNotOvertaken() {
        // Given
        patients.failFor(stay.number(), ProblemCode.UNAVAILABLE);
        Stay other = Stay.fresh();
        // When
        stay.tell(stay.admission());
        stay.tell(stay.discharge());
        other.tell(other.admission());
        other.awaitStatus("in-progress");
        // Then
        assertThat(stay.isKnown()).isFalse();
        patients.workFor(stay.number());
        stay.awaitStatus("finished");
        assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("2");
    }

    @Test
    void refusedEffectIsListedAndReplayed() {
        // Given
        patients.failFor(stay.number(), ProblemCode.RULE_VIOLATED);
        String admission = stay.admission();
        stay.tell(admission);
        soon().until(() -> find(admission, "") != null);
        Map<String, Object> failed = Objects.requireNonNull(find(admission, ""));
        assertThat(failed)
                .containsEntry("status", "FAILED")
                .containsEntry(
                        "reason", "RULE_VIOLATED: patients service: does not take it (expected: as told by the test)")
                .containsEntry("event", "A01")
                .containsEntry("application", "GHADT")
                .containsEntry("transport", "HTTP")
                .containsEntry("attempts", 1);
        // When
        patients.workFor(stay.number());
        Response replay = replay(failed.get("id"));
        // Then
        assertThat(replay.statusCode()).as(replay.asString()).isEqualTo(200);
        assertThat(replay.jsonPath().getString("status")).isEqualTo("ACCEPTED");
        stay.awaitStatus("in-progress");
        assertThat(find(admission, "")).isNull();
        assertThat(find(admission, "?status=PROCESSED")).containsEntry("status", "PROCESSED");
        assertThat(Fhir.problem(replay(failed.get("id")), ProblemCode.RULE_VIOLATED))
                .isEqualTo("message.status: PROCESSED (expected: REJECTED or FAILED)");
    }

    @Test
    void rejectedMessageStaysRejectedUntilItIsValid() throws SQLException {
        // Given
        String admission = stay.admission();
        String incomplete = admission.replace(stay.visit() + "^^^GENHOSP^VN", "");
        assertThat(Stay.send(incomplete).statusCode()).isEqualTo(422);
        Map<String, Object> rejected = Objects.requireNonNull(find(incomplete, "?status=REJECTED"));
        assertThat(rejected)
                .containsEntry("ackCode", "AE")
                .containsEntry("location", "PV1-19")
                .containsEntry("reason", "PV1-19: missing (expected: a visit number)");
        // When
        String problem = Fhir.problem(replay(rejected.get("id")), ProblemCode.MESSAGE_REJECTED);
        mend(rejected.get("id"), admission);
        Response replay = replay(rejected.get("id"));
        // Then
        assertThat(problem).isEqualTo("PV1-19: missing (expected: a visit number)");
        assertThat(replay.statusCode()).as(replay.asString()).isEqualTo(200);
        stay.awaitStatus("in-progress");
    }

    @Test
    void replayOfMessageThatAnotherOrganizationSentIsRefused() {
        // Given
        String foreign = stay.admission();
        String token = Tokens.token("harbor", "event-source", "harbor-home-health", "hl7v2.send");
        assertThat(Stay.send(token, foreign).statusCode()).isEqualTo(422);
        Map<String, Object> rejected = Objects.requireNonNull(find(foreign, "?status=REJECTED"));
        // When
        Response replay = replay(rejected.get("id"));
        // Then
        assertThat(Fhir.problem(replay, ProblemCode.MESSAGE_REJECTED))
                .isEqualTo("MSH-4: not a facility of the organization that sends (expected: its own)");
        assertThat(find(foreign, "?status=REJECTED")).containsEntry("ackCode", "AR");
        assertThat(stay.isKnown()).isFalse();
    }

    @Test
    void replayOfFailedMessageIsJudgedByWhoSentItLast() {
        // Given
        patients.failFor(stay.number(), ProblemCode.RULE_VIOLATED);
        String admission = stay.admission();
        assertThat(Stay.send(Tokens.service(), admission).statusCode()).isEqualTo(200);
        soon().until(() -> find(admission, "?status=FAILED") != null);
        stay.tell(admission);
        soon().until(() -> find(admission, "?status=FAILED") != null);
        Map<String, Object> failed = Objects.requireNonNull(find(admission, "?status=FAILED"));
        // When
        patients.workFor(stay.number());
        Response replay = replay(failed.get("id"));
        // Then
        assertThat(replay.statusCode()).as(replay.asString()).isEqualTo(200);
        stay.awaitStatus("in-progress");
        assertThat(text("select organization from hl7_message where id = " + failed.get("id")))
                .isEqualTo("general-hospital");
    }

    @Test
    void replayOfMessageThatWasSentAgainIsRefused() throws SQLException {
        // Given
        String admission = stay.admission();
        String incomplete = admission.replace(stay.visit() + "^^^GENHOSP^VN", "");
        assertThat(Stay.send(incomplete).statusCode()).isEqualTo(422);
        Map<String, Object> rejected = Objects.requireNonNull(find(incomplete, "?status=REJECTED"));
        stay.tell(admission);
        stay.awaitStatus("in-progress");
        // When
        mend(rejected.get("id"), admission);
        Response replay = replay(rejected.get("id"));
        // Then
        assertThat(Fhir.problem(replay, ProblemCode.RULE_VIOLATED)).startsWith("message: ");
        assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("1");
    }

    @Test
    void onlyOperatorsSeeMessages() {
        // When
        Response supervisor = Fhir.as(Tokens.supervisor()).get(MESSAGES);
        // Then
        assertThat(supervisor.statusCode()).isEqualTo(200);
        Fhir.problem(Fhir.as(Tokens.partner("harbor-home-health")).get(MESSAGES), ProblemCode.FORBIDDEN);
        Fhir.problem(Fhir.as(Tokens.eventSource()).get(MESSAGES), ProblemCode.FORBIDDEN);
        Fhir.problem(RestAssured.get(MESSAGES), ProblemCode.UNAUTHENTICATED);
        Fhir.problem(Fhir.as(Tokens.partner("harbor-home-health")).post(MESSAGES + "/1/replay"), ProblemCode.FORBIDDEN);
        Fhir.problem(Fhir.as(Tokens.supervisor()).get(MESSAGES + "?status=ODD"), ProblemCode.INVALID_PARAMETER);
        Fhir.problem(replay(999_999_999), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void neitherListNorLogHoldContent() {
        // Given
        Queue<String> log = new ConcurrentLinkedQueue<>();
        Handler capture = capture(log);
        Logger.getLogger("").addHandler(capture);
        // When
        try {
            stay.discharged();
            Stay.send(stay.admission().replace(stay.visit() + "^^^GENHOSP^VN", ""));
            Stay refused = stay.next();
            patients.failFor(stay.number(), ProblemCode.RULE_VIOLATED);
            String message = refused.admission();
            refused.tell(message);
            soon().until(() -> find(message, "?status=FAILED") != null);
        } finally {
            patients.workFor(stay.number());
            Logger.getLogger("").removeHandler(capture);
        }
        // Then
        assertThat(log).anyMatch(line -> line.contains("TRANS0005"));
        assertThat(log).anyMatch(line -> line.contains("TRANS0004"));
        String all = String.join("\n", log)
                + Fhir.as(Tokens.supervisor()).get(MESSAGES).asString()
                + Fhir.as(Tokens.supervisor())
                        .get(MESSAGES + "?status=PROCESSED")
                        .asString();
        assertThat(all)
                .doesNotContain(stay.number(), stay.visit(), "Rivera", "Rosa", "123456789", "19480317", "1948-03-17")
                .doesNotContain("PID|");
    }

    private static Handler capture(Queue<String> log) {
        PatternFormatter formatter = new PatternFormatter("%c %s%e");
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                log.add(formatter.format(line));
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    private static Map<String, Object> find(String message, String query) {
        JsonPath list = Fhir.as(Tokens.supervisor()).get(MESSAGES + query).jsonPath();
        List<Map<String, Object>> all = list.getList("");
        return all.stream()
                .filter(each -> Stay.controlId(message).equals(each.get("controlId")))
                .findFirst()
                .orElse(null);
    }

    private static Response replay(Object id) {
        return Fhir.as(Tokens.supervisor()).post(MESSAGES + "/" + id + "/replay");
    }

    private String text(String query) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "no row";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a mended sender profile would do: the kept message is acceptable now. */
    private void mend(Object id, String message) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("update hl7_message set raw = ? where id = ?")) {
            statement.setBytes(1, message.getBytes(StandardCharsets.UTF_8));
            statement.setLong(2, ((Number) id).longValue());
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }
}
