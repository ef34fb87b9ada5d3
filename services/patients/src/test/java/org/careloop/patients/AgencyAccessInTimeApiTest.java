package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.AgencyTasks.awaitOpen;
import static org.careloop.patients.AgencyTasks.awaitShut;
import static org.careloop.patients.AgencyTasks.observation;
import static org.careloop.patients.AgencyTasks.observationBody;
import static org.careloop.patients.AgencyTasks.patient;
import static org.careloop.patients.AgencyTasks.recipients;
import static org.careloop.patients.AgencyTasks.tellTask;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.careloop.eventcontracts.Change;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From when until when a record is open to a partner agency: offers, claims, the end of the work. */
@QuarkusTest
class AgencyAccessInTimeApiTest {

    @Inject
    DataSource database;

    private final String harbor = "harbor-" + UUID.randomUUID();
    private final AgencyTasks agency = new AgencyTasks(harbor);

    /** Whom it is offered to sees what one sees that is asked; as soon as somebody has claimed it, that one alone. */
    @Test
    void whatIsOfferedToSeveralAgenciesIsOpenToThemUntilOneClaimsIt() {
        // Given
        String mine = patient();
        String rides = "rides-" + UUID.randomUUID();
        String scopes = "system/Patient.rs system/Observation.crs";
        List<String> both =
                List.of(Tokens.token(harbor, "partner", harbor, scopes), Tokens.token(rides, "partner", rides, scopes));
        String named = observation(mine, "laboratory");
        String unnamed = observation(mine, "laboratory");
        String offer = agency.taskThatNames(mine, "requested", named)
                .replaceFirst(
                        "\"owner\":\\{[^}]*}", "\"restriction\":{\"recipient\":[" + recipients(harbor, rides) + "]}");
        // When
        tellTask(mine, offer, 1);
        // Then
        for (String token : both) {
            awaitOpen(token, mine);
            assertThat(matches(search(token, "Patient"))).containsExactly(mine);
            search(token, "Patient?_total=accurate").then().body("total", equalTo(1));
            as(token).get("/fhir/Patient/{id}/_history", mine).then().statusCode(200);
            as(token).get("/fhir/" + named).then().statusCode(200);
            problem(as(token).get("/fhir/" + unnamed), ProblemCode.RESOURCE_NOT_FOUND);
            problem(
                    as(token).body(observationBody(mine, "laboratory")).post("/fhir/Observation"),
                    ProblemCode.FORBIDDEN);
        }
        // When
        String owner = "\"status\":\"accepted\",\"owner\":{\"reference\":\"Organization/" + rides + "\"}";
        tellTask(mine, offer.replace("\"status\":\"requested\"", owner), 2);
        // Then
        awaitShut(both.getFirst(), mine);
        problem(as(both.getFirst()).get("/fhir/" + named), ProblemCode.RESOURCE_NOT_FOUND);
        as(both.getLast()).get("/fhir/Patient/{id}", mine).then().statusCode(200);
        as(both.getLast()).get("/fhir/" + named).then().statusCode(200);
        // When
        tellTask(mine, offer.replace("\"status\":\"requested\"", owner.replace("accepted", "completed")), 3);
        String next = patient();
        agency.grantAs("n-" + mine, next, "accepted", 1, "Patient/" + mine);
        awaitOpen(both.getFirst(), next);
        // Then
        as(both.getLast()).get("/fhir/Patient/{id}", mine).then().statusCode(200);
        problem(as(both.getFirst()).get("/fhir/Patient/{id}", mine), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancelled", "failed", "completed", "entered-in-error"})
    void anOfferThatEndsUnclaimedLeavesNothingOpen(String status) {
        // Given
        String mine = patient();
        String token = Tokens.partner(harbor);
        String offer = agency.task("t-" + mine, mine, "requested")
                .replaceFirst("\"owner\":\\{[^}]*}", "\"restriction\":{\"recipient\":[" + recipients(harbor) + "]}");
        tellTask(mine, offer, 1);
        awaitOpen(token, mine);
        // When
        tellTask(mine, offer.replace("requested", status), 2);
        // Then
        awaitShut(token, mine);
    }

    /** The time after the end counts from the end, whatever is written later. */
    @Test
    void afterItsWorkAnAgencySeesTheRecordForAWhile() throws SQLException {
        // Given
        String mine = patient();
        String token = Tokens.partner(harbor);
        agency.grant(mine, "completed", 3);
        awaitOpen(token, mine);
        String until = "select open_until from access_grant where name = 'asked' and source = 'Task/t-" + mine + "'";
        String first = read(until);
        // When
        agency.grant(mine, "completed", 4);
        String next = patient();
        agency.grantAs("n-" + mine, next, "accepted", 1, "Patient/" + mine);
        awaitOpen(token, next);
        // Then
        assertThat(read(until)).isEqualTo(first);
        assertThat(read("select '" + first
                        + "'::timestamptz between now() + interval '29 days' and now() + interval '30 days'"))
                .isEqualTo("t");
    }

    /** Also when several versions are heard at once, as after a time in which nobody listened. */
    @Test
    void theTimeAfterTheEndCountsFromTheFirstVersionThatToldOfIt() {
        // Given
        String mine = patient();
        String next = patient();
        Instant now = Instant.now();
        // When
        Events.tell(
                "referrals",
                "Task",
                List.of(
                        completed("t-" + mine, mine, 1, now.minus(Duration.ofDays(40)), "Patient/" + mine),
                        completed("t-" + mine, mine, 2, now, "Patient/" + mine),
                        completed("n-" + mine, next, 1, now, "Patient/" + mine)));
        // Then
        String token = Tokens.partner(harbor);
        awaitOpen(token, next);
        problem(as(token).get("/fhir/Patient/{id}", mine), ProblemCode.RESOURCE_NOT_FOUND);
    }

    private ResourceEvent completed(String task, String patient, long version, Instant at, String key) {
        return new ResourceEvent(
                UUID.randomUUID(),
                ResourceKey.of("Task", task),
                Change.UPDATED,
                version,
                at,
                key,
                Optional.empty(),
                Optional.empty(),
                agency.task(task, patient, "completed").getBytes(StandardCharsets.UTF_8));
    }

    private String read(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejected", "cancelled", "entered-in-error"})
    void theRecordShutsAtOnceWhenTheAgencyDoesNotDoTheWork(String status) {
        // Given
        String mine = patient();
        String token = Tokens.partner(harbor);
        agency.grant(mine, "accepted", 1);
        awaitOpen(token, mine);
        // When
        agency.grant(mine, status, 2);
        // Then
        awaitShut(token, mine);
    }

    @Test
    void theRecordShutsWhenTheReferralNamesTheAgencyNoMore() {
        // Given
        String mine = patient();
        String token = Tokens.partner(harbor);
        agency.grant(mine, "accepted", 1);
        awaitOpen(token, mine);
        // When
        tellTask(
                mine,
                "{\"resourceType\":\"Task\",\"id\":\"t-" + mine + "\",\"status\":\"accepted\",\"intent\":\"order\","
                        + "\"for\":{\"reference\":\"Patient/" + mine + "\"}}",
                2);
        // Then
        awaitShut(token, mine);
    }

    @Test
    void anOlderEventDoesNotOpenTheRecordAgain() {
        // Given
        String mine = patient();
        String token = Tokens.partner(harbor);
        agency.grant(mine, "accepted", 2);
        awaitOpen(token, mine);
        agency.grant(mine, "cancelled", 3);
        awaitShut(token, mine);
        // When
        agency.grant(mine, "accepted", 1);
        String next = patient();
        agency.grantAs(mine + "-next", next, "accepted", 1, "Patient/" + mine);
        awaitOpen(token, next);
        // Then
        problem(as(token).get("/fhir/Patient/{id}", mine), ProblemCode.RESOURCE_NOT_FOUND);
    }
}
