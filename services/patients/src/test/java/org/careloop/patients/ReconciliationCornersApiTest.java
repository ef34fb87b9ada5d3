package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.patients.ReconciledStay.milligrams;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.eventflow.LeaderLoop;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.patients.store.PatientsToCompare;
import org.careloop.patients.store.PatientsToCompare.Waiting;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a comparison of medicines keeps when little is known, too much is stored, or somebody else turns out to be the patient. */
@QuarkusTest
class ReconciliationCornersApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WHY = ",\"reasonCode\":[{\"text\":\"why\"}]";
    private static final String BY_NURSE = ",\"performer\":[{\"actor\":{\"reference\":\"Practitioner/rn\"}}]";
    private static final String SAID_WHY = ",\"statusReason\":{\"text\":\"by the hospital's paper\"}";
    private static final String LABEL = "\"meta\":{\"security\":[{\"system\":\"urn:labels\",\"code\":\"close\"}]}";

    private static final String PERSON = Tokens.token("nurse", "coordinator", "riverside-clinic", "user/*.cruds");

    private ReconciledStay stay;

    @Inject
    ResourceStore store;

    @Inject
    PatientsToCompare waiting;

    @BeforeEach
    void admitted() {
        stay = new ReconciledStay();
    }

    private static void resolve(String issue) {
        String stored = coordinator().get("/fhir/DetectedIssue/" + issue).asString();
        String sent = stored.replaceFirst("\"meta\":\\{.*?]\\s*},", "")
                .replace(
                        "\"status\":\"preliminary\"",
                        "\"status\":\"final\",\"mitigation\":[{\"action\":{\"text\":\"agreed\"},"
                                + "\"author\":{\"reference\":\"Practitioner/rn\"}}]");
        coordinator().body(sent).put("/fhir/DetectedIssue/" + issue).then().statusCode(200);
    }

    private void discharged() {
        create(stay.request("community", "314076", milligrams(10))
                .replace("\"status\":\"active\"", LABEL + ",\"status\":\"active\""));
        stay.prescribed("discharge", "314076", WHY + milligrams(20));
        stay.tell("finished");
        stay.awaitIssues("dose-changed preliminary");
    }

    @Test
    void nothingKnownIsNotNoDifference() {
        assertThat(problem(as(PERSON).body(stay.done(BY_NURSE, "")).post("/fhir/Procedure"), ProblemCode.RULE_VIOLATED))
                .startsWith("Procedure.encounter: no discharge of the patient is known");
        as(PERSON)
                .body(stay.done(BY_NURSE, SAID_WHY))
                .post("/fhir/Procedure")
                .then()
                .statusCode(201);
    }

    @Test
    void aSystemOfRecordMayTellItBeforeTheStayIsTold() {
        // When nothing is known
        coordinator()
                .body(stay.done(BY_NURSE, ""))
                .post("/fhir/Procedure")
                .then()
                .statusCode(201);
        // When something is
        discharged();
        // Then
        assertThat(problem(
                        coordinator().body(stay.done(BY_NURSE, "")).post("/fhir/Procedure"), ProblemCode.RULE_VIOLATED))
                .contains("differences of the stay are not resolved");
    }

    @Test
    void nobodyTakesTheLabelsOff() {
        // Given
        discharged();
        String issue = "/fhir/DetectedIssue/" + stay.issue("dose-changed");
        // When
        resolve(stay.issue("dose-changed"));
        coordinator()
                .urlEncodingEnabled(false)
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":"
                        + LABEL.substring("\"meta\":".length()) + "}]}")
                .post(issue + "/$meta-delete")
                .then()
                .statusCode(200);
        // Then
        coordinator()
                .get(issue)
                .then()
                .body("status", equalTo("final"))
                .body("meta.security.code", equalTo(List.of("close")));
    }

    @Test
    void whatWasResolvedFollowsTheStayToItsPatient() {
        // Given
        discharged();
        String issue = stay.issue("dose-changed");
        resolve(issue);
        String other = create(Persons.patient("female"));
        // When
        stay.tell("finished", other);
        // Then
        await().atMost(PATIENCE)
                .until(() -> coordinator()
                        .get("/fhir/DetectedIssue/" + issue)
                        .path("patient.reference")
                        .equals("Patient/" + other));
        coordinator().get("/fhir/DetectedIssue/" + issue).then().body("status", equalTo("final"));
    }

    @Test
    void whatIsToldLateOfAnEncounterThatIsGoneDoesNotCount() {
        // Given
        stay.tellGone();
        stay.prescribed("community", "314076", milligrams(10));
        stay.prescribed("discharge", "314076", WHY + milligrams(20));
        // When
        stay.tell("finished");
        // Then
        ReconciledStay later = new ReconciledStay();
        later.tell("finished", stay.patient);
        await().atMost(PATIENCE).until(() -> lists(later).statusCode() == 200);
        problem(stay.lists(Tokens.coordinator()), ProblemCode.RESOURCE_NOT_FOUND);
    }

    private Response lists(ReconciledStay told) {
        return coordinator()
                .urlEncodingEnabled(false)
                .get("/fhir/Patient/" + stay.patient + "/$medication-reconciliation?encounter=Encounter/"
                        + told.encounter);
    }

    @Test
    void tooManyToCompareAreSaidAndNotTakenForReconciled() {
        // Given
        for (int bundle = 0; bundle < 5; bundle++) {
            String entries = IntStream.range(0, 200)
                    .mapToObj(each -> "{\"resource\":" + stay.request("community", "frobnicol " + each, "")
                            + ",\"request\":{\"method\":\"POST\",\"url\":\"MedicationRequest\"}}")
                    .collect(Collectors.joining(","));
            coordinator()
                    .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + entries + "]}")
                    .post("/fhir")
                    .then()
                    .statusCode(200);
        }
        // When
        stay.tell("finished");
        // Then
        stay.awaitIssues("not-compared preliminary");
        problem(coordinator().body(stay.done(BY_NURSE, "")).post("/fhir/Procedure"), ProblemCode.TOO_COSTLY);
        coordinator()
                .body(stay.done(BY_NURSE, SAID_WHY))
                .post("/fhir/Procedure")
                .then()
                .statusCode(201);
        problem(stay.lists(Tokens.coordinator()), ProblemCode.TOO_COSTLY);
    }

    @Test
    void whoCannotBeComparedIsTriedLater() throws Exception {
        // Given
        Instant now = Instant.now();
        stay.tell("finished");
        await().atMost(PATIENCE).until(() -> lists(stay).statusCode() == 200);
        Instant hence = now.plus(Duration.ofHours(1));
        run(unit -> waiting.note(List.of(stay.patient), now.minus(Duration.ofDays(1)), hence, unit));
        // When
        run(unit -> waiting.later(stay.patient, hence, unit));
        // Then
        assertThat(next(hence.plusSeconds(59))).isEmpty();
        Waiting seen = next(hence.plusSeconds(61)).orElseThrow();
        assertThat(seen.patient()).isEqualTo(stay.patient);
        // When they are noted again while they are compared
        run(unit -> waiting.note(List.of(stay.patient), now.minus(Duration.ofDays(1)), hence, unit));
        run(unit -> waiting.done(seen, unit));
        // Then
        Waiting again = next(hence).orElseThrow();
        run(unit -> waiting.done(again, unit));
        assertThat(next(hence.plusSeconds(61))).isEmpty();
    }

    private void run(Function<UnitOfWork, Uni<Void>> work) throws Exception {
        LeaderLoop.await(() -> store.inUnit(work));
    }

    private Optional<Waiting> next(Instant at) throws Exception {
        return LeaderLoop.await(() -> store.inUnit(unit -> waiting.next(at, unit)));
    }
}
