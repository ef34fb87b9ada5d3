package org.careloop.transitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.EpisodeOfCare.EpisodeOfCareStatus;
import org.junit.jupiter.api.Test;

/** Notifications as FHIR messages; a stay that is told in several ways is one. */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "transitions"))
class ProcessMessageApiTest {

    @Inject
    DataSource database;

    private final Stay stay = Stay.fresh();

    @Test
    void aStayIsToldByNotifications() {
        // When
        send(Alert.of(stay, "notification-admit", "2026-03-03T13:20:00Z"))
                .then()
                .statusCode(200)
                .body("entry[0].resource.response.code", equalTo("ok"));
        stay.awaitStatus("in-progress");
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.PLANNED);
        send(Alert.of(stay, "notification-discharge", "2026-03-07T20:10:00Z"))
                .then()
                .statusCode(200);
        stay.awaitStatus("finished");
        // Then
        Encounter encounter = stay.encounter();
        assertThat(encounter.getPeriod().getEnd()).isEqualTo("2026-03-07T20:00:00Z");
        assertThat(encounter.getServiceProvider().getReference()).isEqualTo("Organization/general-hospital");
        assertThat(encounter.getParticipantFirstRep().getIndividual().getDisplay())
                .isEqualTo("Dr. Wei Chen");
        assertThat(encounter
                        .getParticipantFirstRep()
                        .getIndividual()
                        .getIdentifier()
                        .getValue())
                .isEqualTo("1457398765");
        assertThat(stay.episode().getStatus()).isEqualTo(EpisodeOfCareStatus.ACTIVE);
        assertThat(StayApiTest.milestones(stay.episode())).containsKeys("outreach", "follow-up-visit");
    }

    @Test
    void messagesOfBothKindsAreOfOneStay() {
        // Given
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        String id = stay.encounterId();
        // When
        send(Alert.of(stay, "notification-discharge", "2026-03-07T20:10:00Z"))
                .then()
                .statusCode(200);
        stay.awaitStatus("finished");
        stay.tell(stay.discharge());
        send(Alert.of(stay, "notification-admit", "2026-03-03T13:20:00Z"))
                .then()
                .statusCode(200);
        Stay last = stay.next();
        last.tell(last.admission());
        last.awaitStatus("in-progress");
        // Then
        assertThat(stay.encounterId()).isEqualTo(id);
        assertThat(stay.status()).isEqualTo("finished");
        assertThat(stay.encounter().getPeriod().getEnd()).isEqualTo("2026-03-07T20:00:00Z");
        assertThat(StayApiTest.milestones(stay.episode())).containsKeys("outreach");
    }

    @Test
    void aMessageThatIsSentAgainHasOneEffect() {
        // Given
        String message = Alert.of(stay, "notification-admit", "2026-03-03T13:20:00Z");
        send(message).then().statusCode(200);
        stay.awaitStatus("in-progress");
        // When
        send(message).then().statusCode(200);
        Stay last = stay.next();
        last.tell(last.admission());
        last.awaitStatus("in-progress");
        // Then
        assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("1");
    }

    @Test
    void whatCannotBeTakenIsRefusedWithItsElement() {
        String admit = Alert.of(stay, "notification-admit", "2026-03-03T13:20:00Z");
        for (List<String> spoilt : List.of(
                List.of("\"type\": \"message\"", "\"type\": \"collection\"", "Bundle.type"),
                List.of("\"timestamp\": \"2026-03-03T13:20:00Z\",", "", "Bundle.timestamp"),
                List.of("notification-admit", "report-labs", "MessageHeader.eventCoding"),
                List.of("\"value\": \"" + stay.visit() + "\"", "\"use\": \"usual\"", "Encounter.identifier"),
                List.of(
                        "\"focus\": [{\"reference\": \"urn:uuid:stay\"}]",
                        "\"focus\": [{\"reference\": \"urn:uuid:none\"}]",
                        "MessageHeader.focus"),
                List.of(
                        "\"subject\": {\"reference\": \"urn:uuid:patient\"}",
                        "\"subject\": {\"reference\": \"urn:uuid:none\"}",
                        "Encounter.subject"))) {
            String message = admit.replace(spoilt.get(0), spoilt.get(1));
            assertThat(message).isNotEqualTo(admit);
            assertThat(Fhir.problem(send(message), ProblemCode.MESSAGE_REJECTED))
                    .startsWith(spoilt.get(2));
        }
        assertThat(stay.isKnown()).isFalse();
    }

    @Test
    void aVisitNumberIsNoKeyToAnothersStay() throws Exception {
        // Given
        stay.tell(stay.admission());
        stay.awaitStatus("in-progress");
        // When a message has the number and another patient
        Stay other = Stay.fresh();
        String wrong = other.event("A08", "20260306090000-0500").replace(other.visit(), stay.visit());
        other.tell(wrong);
        // Then
        Stay.soon()
                .untilAsserted(() -> assertThat(reason(Stay.controlId(wrong))).contains("Encounter.subject"));
        assertThat(stay.encounter().getSubject().getReference())
                .isEqualTo("Patient/" + InMemoryPatients.idOf(stay.number()));
        assertThat(stay.encounter().getMeta().getVersionId()).isEqualTo("1");
    }

    @Test
    void howConfidentialItIsStaysWithIt() {
        // When
        send(Alert.of(stay, "notification-admit", "2026-03-03T13:20:00Z")
                        .replace(
                                "\"resourceType\": \"Encounter\",",
                                "\"resourceType\": \"Encounter\", \"meta\": {\"security\": [{\"system\":"
                                        + " \"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\", \"code\": \"R\"}]},"))
                .then()
                .statusCode(200);
        stay.awaitStatus("in-progress");
        // Then
        assertThat(stay.encounter().getMeta().getSecurity())
                .extracting(label -> label.getCode())
                .contains("R");
    }

    private String reason(String controlId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select reason from hl7_message where control_id = ?")) {
            statement.setString(1, controlId);
            ResultSet rows = statement.executeQuery();
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    @Test
    void onlyWhoMaySendMaySend() {
        String admit = Alert.of(stay, "notification-admit", "2026-03-03T13:20:00Z");
        assertThat(send(Tokens.coordinator(), admit).statusCode()).isEqualTo(403);
        assertThat(send(Tokens.token("other", "event-source", "general-hospital", "system/*.rs"), admit)
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(Tokens.token("other", "event-source", "nobody-knows", "hl7v2.send"), admit)
                        .statusCode())
                .isEqualTo(403);
        assertThat(stay.isKnown()).isFalse();
    }

    @Test
    void takesThePublishedSamples() throws IOException {
        // Given
        String root = System.getProperty("careloop.root", ".");
        Path folder =
                Path.of(System.getenv().getOrDefault("CARELOOP_SHARED", root + "/../shared"), "samples", "alerts");
        assumeTrue(Files.isDirectory(folder), "no samples at ../shared/samples/alerts of the project's root");
        // When
        for (String name : List.of("admit", "transfer", "discharge")) {
            Bundle sample = FhirJson.parse(
                    Bundle.class, Files.readAllBytes(folder.resolve(name + "-notification-message-bundle-01.json")));
            sample.getIdentifier().setSystem("urn:test").setValue(name + stay.visit());
            send(new String(FhirJson.write(sample), StandardCharsets.UTF_8)
                            .replace("Elden718Halvorson12420181021T2122150700", stay.visit()))
                    .then()
                    .statusCode(200);
        }
        // Then
        Stay.soon().untilAsserted(() -> {
            List<String> found = Fhir.matches(Fhir.search(
                    Tokens.service(),
                    "Encounter?identifier=http://example.org%7C" + stay.visit() + "&status=finished"));
            assertThat(found).hasSize(1);
        });
    }

    private static Response send(String message) {
        return send(Tokens.eventSource(), message);
    }

    private static Response send(String token, String message) {
        return Fhir.as(token).body(message).post("/fhir/$process-message");
    }
}
