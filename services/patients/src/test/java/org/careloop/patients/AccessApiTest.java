package org.careloop.patients;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.included;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

/** Who may see and do what; the rules are in {@code access.yaml}, the grants come by events of Tasks. */
@QuarkusTest
class AccessApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    DataSource database;

    private final String harbor = "harbor-" + UUID.randomUUID();

    @Test
    void withoutAValidTokenNothingIsAnswered() {
        problem(given().get("/fhir/Patient"), ProblemCode.UNAUTHENTICATED);
        problem(
                given().contentType("application/fhir+json").body("{").post("/fhir/Patient"),
                ProblemCode.UNAUTHENTICATED);
        for (String token :
                List.of(Tokens.expired(), Tokens.forged(), Tokens.forOtherAudience(), "nonsense", "a.b.c")) {
            var answer = as(token).get("/fhir/Patient");
            problem(answer, ProblemCode.UNAUTHENTICATED);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        }
        problem(given().auth().preemptive().basic("a", "b").get("/fhir/Patient"), ProblemCode.UNAUTHENTICATED);
    }

    @Test
    void theCapabilityStatementIsOpen() {
        given().get("/fhir/metadata")
                .then()
                .statusCode(200)
                .body("resourceType", equalTo("CapabilityStatement"))
                .body("rest[0].resource.find { it.type == 'Patient' }.versioning", equalTo("versioned-update"));
    }

    @Test
    void scopesAndRolesAreAsked() {
        String narrow = Tokens.token(
                "riverside-ehr", "coordinator", "riverside-clinic", "system/Observation.rs system/Patient.r");
        problem(as(narrow).get("/fhir/Patient"), ProblemCode.FORBIDDEN);
        problem(as(narrow).body("{\"resourceType\":\"Patient\"}").post("/fhir/Patient"), ProblemCode.FORBIDDEN);
        as(narrow).get("/fhir/Observation?_count=0").then().statusCode(200);
        problem(
                as(Tokens.supervisor()).body("{\"resourceType\":\"Patient\"}").post("/fhir/Patient"),
                ProblemCode.FORBIDDEN);
        problem(as(Tokens.eventSource()).get("/fhir/Patient"), ProblemCode.FORBIDDEN);
        problem(as(Tokens.token("x", "king", "x", "system/*.cruds")).get("/fhir/Patient"), ProblemCode.FORBIDDEN);
        problem(as(Tokens.token("x", "", "x", "system/*.cruds")).get("/fhir/Patient"), ProblemCode.FORBIDDEN);
    }

    /** SMART App Launch 2.2, scopes with search parameters; what they shut stays shut in every interaction. */
    @Test
    void aScopeWithParametersOpensThatPartOfATypeInEveryInteraction() {
        // Given
        String patient = patient();
        String laboratory = observation(patient, "laboratory");
        String vitalSign = observation(patient, "vital-signs");
        String token = Tokens.token(
                "riverside-ehr",
                "coordinator",
                "riverside-clinic",
                "user/Patient.rs user/Observation.cruds?category=laboratory");
        String byPatient = "/fhir/Observation?patient=" + patient;
        // Then
        as(token).get("/fhir/" + laboratory).then().statusCode(200);
        problem(as(token).get("/fhir/" + vitalSign), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).get("/fhir/" + vitalSign + "/_history/1"), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).get("/fhir/" + vitalSign + "/_history"), ProblemCode.RESOURCE_NOT_FOUND);
        as(token)
                .get(byPatient + "&_total=accurate")
                .then()
                .body("total", equalTo(1))
                .body("entry.resource.id", equalTo(List.of(idOf(laboratory))));
        as(token).get(byPatient + "&category=vital-signs").then().body("entry", nullValue());
        as(token)
                .get("/fhir/Patient?_id=" + patient + "&_revinclude=Observation:patient")
                .then()
                .body("entry.resource.id.findAll { it == '" + idOf(vitalSign) + "' }.size()", equalTo(0));
        as(token)
                .get("/fhir/Patient?_has:Observation:patient:_id=" + idOf(vitalSign))
                .then()
                .body("entry", nullValue());
        problem(
                as(token).body(observationBody(patient, "vital-signs")).post("/fhir/Observation"),
                ProblemCode.FORBIDDEN);
        as(token)
                .body(observationBody(patient, "laboratory"))
                .post("/fhir/Observation")
                .then()
                .statusCode(201);
        // What is not there for the caller is deleted already, as for every id that does not exist.
        as(token).delete("/fhir/" + vitalSign).then().statusCode(204);
        as(Tokens.coordinator()).get("/fhir/" + vitalSign).then().statusCode(200);
    }

    private static String observation(String patient, String category) {
        return "Observation/" + create(observationBody(patient, category));
    }

    private static String observationBody(String patient, String category) {
        return """
                {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/%s"},"code":{"text":"x"},
                 "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"%s"}]}]}""".formatted(patient, category);
    }

    private static String idOf(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
    }

    @Test
    void aPartnerSeesThePatientsOfItsReferralsAndNobodyElse() {
        // Given
        String mine = patient();
        String other = patient();
        String token = Tokens.partner(harbor);
        problem(as(token).get("/fhir/Patient/{id}", mine), ProblemCode.RESOURCE_NOT_FOUND);
        // When
        grant(mine, "requested", 1);
        // Then
        awaitOpen(token, mine);
        assertThat(matches(search(token, "Patient"))).containsExactly(mine);
        search(token, "Patient?_total=accurate").then().body("total", equalTo(1));
        search(token, "Patient?_summary=count").then().body("total", equalTo(1)).body("entry", nullValue());
        problem(as(token).get("/fhir/Patient/{id}", other), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).get("/fhir/Patient/{id}/_history/1", other), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).get("/fhir/Patient/{id}/_history", other), ProblemCode.RESOURCE_NOT_FOUND);
        assertThat(matches(search(token, "Patient?_id=" + other))).isEmpty();
        assertThat(matches(search(Tokens.partner("someone-else"), "Patient?_id=" + mine)))
                .isEmpty();
    }

    /** Of a patient, an agency sees whom to help and how to reach them, whichever way it asks. */
    @Test
    void anAgencySeesTheDemographicsThatItsWorkNeedsAndNoMore() {
        // Given
        String other = patient();
        String mine = create("""
                {"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>SHUT</div>"},
                 "extension":[{"url":"http://example.org/race","valueString":"SHUT"}],
                 "identifier":[{"system":"urn:ssn","value":"SHUT-%1$s"}],"active":true,"name":[{"family":"Seen"}],
                 "telecom":[{"system":"phone","value":"5550100"}],"gender":"female","birthDate":"1950-01-01","deceasedBoolean":false,
                 "maritalStatus":{"text":"SHUT"},"communication":[{"language":{"text":"Spanish"}}],
                 "link":[{"other":{"reference":"Patient/%2$s"},"type":"seealso"}]}""".formatted(harbor, other));
        String token = Tokens.partner(harbor);
        grant(mine, "requested", 1);
        awaitOpen(token, mine);
        // When
        List<Response> answers = List.of(
                as(token).get("/fhir/Patient/{id}", mine),
                as(token).get("/fhir/Patient/{id}/_history/1", mine),
                as(token).get("/fhir/Patient/{id}/_history", mine),
                as(token).get("/fhir/Patient/_history"),
                as(token).get("/fhir/_history"),
                search(token, "Patient?_id=" + mine),
                search(token, "Patient?_id=" + mine + "&_elements=name,link,identifier"),
                search(token, "Patient?family=seen&_sort=-birthdate&_include=Patient:link"));
        // Then
        for (Response answer : answers) {
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
            assertThat(answer.asString())
                    .contains("Seen")
                    .containsOnlyOnce("SUBSETTED")
                    .doesNotContain("SHUT")
                    .doesNotContain(other);
        }
        answers.getFirst()
                .then()
                .body("telecom[0].value", equalTo("5550100"))
                .body("birthDate", equalTo("1950-01-01"))
                .body("deceasedBoolean", equalTo(false))
                .body("communication[0].language.text", equalTo("Spanish"));
        for (String asked : List.of(
                "Patient?identifier=urn:ssn%7CSHUT-" + harbor,
                "Patient?link:missing=false",
                "Patient?_has:Patient:link:_id=" + mine,
                "Patient?_sort=identifier",
                "Observation?subject:Patient.identifier=urn:ssn%7CSHUT-" + harbor)) {
            problem(as(token).get("/fhir/" + asked), ProblemCode.FORBIDDEN);
        }
        problem(
                as(token)
                        .header("If-None-Exist", "subject:Patient.identifier=urn:ssn%7CSHUT-" + harbor)
                        .body(procedure(mine, harbor))
                        .post("/fhir/Procedure"),
                ProblemCode.FORBIDDEN);
        assertThat(as(Tokens.service()).get("/fhir/Patient/{id}", mine).asString())
                .contains("SHUT")
                .doesNotContain("SUBSETTED");
    }

    /** What a Task and its request name is seen from when the agency is asked; own work is recorded from when it accepts. */
    @Test
    void beforeItAcceptsAnAgencySeesWhatItsTaskNamesAndNoMore() {
        // Given
        String mine = patient();
        String named = observation(mine, "laboratory");
        String unnamed = observation(mine, "laboratory");
        String ofOther = observation(patient(), "laboratory");
        String reason = "Condition/"
                + create(
                        "{\"resourceType\":\"Condition\",\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/"
                                + mine + "\"}}");
        String token =
                Tokens.token(harbor, "partner", harbor, "system/Patient.rs system/Observation.crs system/Condition.rs");
        String own = observationBody(mine, "laboratory")
                .replaceFirst("\\{", "{\"performer\":[{\"reference\":\"Organization/" + harbor + "\"}],");
        // When
        Events.tell(
                "referrals",
                Events.event(
                        ResourceKey.of("ServiceRequest", "r-" + mine),
                        Change.CREATED,
                        1,
                        "Patient/" + mine,
                        "{\"resourceType\":\"ServiceRequest\",\"id\":\"r-" + mine
                                + "\",\"status\":\"active\",\"intent\":\"order\","
                                + "\"subject\":{\"reference\":\"Patient/" + mine
                                + "\"},\"reasonReference\":[{\"reference\":\""
                                + reason + "\"}]}"));
        tellTask(mine, taskThatNames(mine, "requested", named, ofOther), 1);
        // Then
        awaitOpen(token, mine);
        for (String shown : List.of(named, reason)) {
            as(token).get("/fhir/" + shown).then().statusCode(200);
        }
        for (String hidden : List.of(unnamed, ofOther)) {
            problem(as(token).get("/fhir/" + hidden), ProblemCode.RESOURCE_NOT_FOUND);
        }
        search(token, "Observation?_total=accurate").then().body("total", equalTo(1));
        problem(as(token).body(own).post("/fhir/Observation"), ProblemCode.FORBIDDEN);
        // When
        tellTask(mine, taskThatNames(mine, "accepted", unnamed), 2);
        // Then
        await().atMost(PATIENCE).until(() -> as(token).get("/fhir/" + unnamed).statusCode() == 200);
        problem(as(token).get("/fhir/" + named), ProblemCode.RESOURCE_NOT_FOUND);
        as(token).body(own).post("/fhir/Observation").then().statusCode(201);
        // When
        tellTask(mine, taskThatNames(mine, "rejected", unnamed), 3);
        // Then
        awaitShut(token, mine);
        problem(as(token).get("/fhir/" + unnamed), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).get("/fhir/" + reason), ProblemCode.RESOURCE_NOT_FOUND);
    }

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
        String offer = taskThatNames(mine, "requested", named)
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
        grantAs("n-" + mine, next, "accepted", 1, "Patient/" + mine);
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
        String offer = task("t-" + mine, mine, "requested")
                .replaceFirst("\"owner\":\\{[^}]*}", "\"restriction\":{\"recipient\":[" + recipients(harbor) + "]}");
        tellTask(mine, offer, 1);
        awaitOpen(token, mine);
        // When
        tellTask(mine, offer.replace("requested", status), 2);
        // Then
        awaitShut(token, mine);
    }

    private static String recipients(String... organizations) {
        return Stream.of(organizations)
                .map(organization -> "{\"reference\":\"Organization/" + organization + "\"}")
                .collect(Collectors.joining(","));
    }

    private String taskThatNames(String patient, String status, String... inputs) {
        String named = Stream.of(inputs)
                .map(input -> "{\"type\":{\"text\":\"x\"},\"valueReference\":{\"reference\":\"" + input + "\"}}")
                .collect(Collectors.joining(","));
        return "{\"resourceType\":\"Task\",\"id\":\"t-" + patient + "\",\"status\":\"" + status
                + "\",\"intent\":\"order\",\"focus\":{\"reference\":\"ServiceRequest/r-" + patient
                + "\"},\"for\":{\"reference\":\"Patient/" + patient + "\"},\"owner\":{\"reference\":\"Organization/"
                + harbor
                + "\"},\"input\":[" + named + "]}";
    }

    /** The time after the end counts from the end, whatever is written later. */
    @Test
    void afterItsWorkAnAgencySeesTheRecordForAWhile() throws SQLException {
        // Given
        String mine = patient();
        String token = Tokens.partner(harbor);
        grant(mine, "completed", 3);
        awaitOpen(token, mine);
        String until = "select open_until from access_grant where name = 'asked' and source = 'Task/t-" + mine + "'";
        String first = read(until);
        // When
        grant(mine, "completed", 4);
        String next = patient();
        grantAs("n-" + mine, next, "accepted", 1, "Patient/" + mine);
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
                task(task, patient, "completed").getBytes(StandardCharsets.UTF_8));
    }

    private String read(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void neitherIncludesNorChainsTellWhatIsShut() {
        // Given
        String mine = patient();
        create(
                "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"code\":\"B20\"}]},\"subject\":{\"reference\":\"Patient/"
                        + mine + "\"}}");
        String foreign = create(
                "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"code\":\"HR\"}]},"
                        + "\"subject\":{\"reference\":\"Patient/" + mine + "\"}}");
        String token = Tokens.partner(harbor);
        grant(mine, "requested", 1);
        awaitOpen(token, mine);
        // Then
        assertThat(included(search(token, "Patient?_revinclude=Condition:subject&_revinclude=Observation:subject")))
                .isEmpty();
        problem(as(token).get("/fhir/Patient?_has:Condition:subject:code=B20"), ProblemCode.FORBIDDEN);
        assertThat(matches(search(token, "Patient?_has:Observation:subject:code=HR")))
                .isEmpty();
        assertThat(matches(search(Tokens.coordinator(), "Patient?_has:Condition:subject:code=B20&_id=" + mine)))
                .containsExactly(mine);
        problem(as(token).get("/fhir/Condition"), ProblemCode.FORBIDDEN);
        problem(as(token).get("/fhir/Observation/{id}", foreign), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void aPartnerWritesOnlyAboutItsPatientsAndInItsOwnName() {
        // Given
        String mine = patient();
        String other = patient();
        String token = Tokens.partner(harbor);
        grant(mine, "in-progress", 1);
        awaitOpen(token, mine);
        // When
        String id = as(token)
                .body(procedure(mine, harbor))
                .post("/fhir/Procedure")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        // Then
        assertThat(matches(search(token, "Procedure"))).containsExactly(id);
        problem(as(token).body(procedure(other, harbor)).post("/fhir/Procedure"), ProblemCode.FORBIDDEN);
        problem(as(token).body(procedure(mine, "safe-rides")).post("/fhir/Procedure"), ProblemCode.FORBIDDEN);
        problem(as(token).delete("/fhir/Procedure/{id}", id), ProblemCode.FORBIDDEN);
        problem(as(token).body("{\"resourceType\":\"Patient\"}").post("/fhir/Patient"), ProblemCode.FORBIDDEN);
        String changed = procedure(mine, "safe-rides").replaceFirst("\\{", "{\"id\":\"" + id + "\",");
        problem(as(token).body(changed).put("/fhir/Procedure/{id}", id), ProblemCode.FORBIDDEN);
        problem(
                as(token)
                        .body(procedure(mine, harbor).replaceFirst("\\{", "{\"id\":\"new\","))
                        .put("/fhir/Procedure/new"),
                ProblemCode.RESOURCE_NOT_FOUND);
        as(token).get("/fhir/Procedure/{id}", id).then().statusCode(200).header("ETag", "W/\"1\"");
        assertThat(matches(search(Tokens.coordinator(), "Procedure?subject=Patient/" + other)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejected", "cancelled", "entered-in-error"})
    void theRecordShutsAtOnceWhenTheAgencyDoesNotDoTheWork(String status) {
        // Given
        String mine = patient();
        String token = Tokens.partner(harbor);
        grant(mine, "accepted", 1);
        awaitOpen(token, mine);
        // When
        grant(mine, status, 2);
        // Then
        awaitShut(token, mine);
    }

    @Test
    void theRecordShutsWhenTheReferralNamesTheAgencyNoMore() {
        // Given
        String mine = patient();
        String token = Tokens.partner(harbor);
        grant(mine, "accepted", 1);
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
        grant(mine, "accepted", 2);
        awaitOpen(token, mine);
        grant(mine, "cancelled", 3);
        awaitShut(token, mine);
        // When
        grant(mine, "accepted", 1);
        String next = patient();
        grantAs(mine + "-next", next, "accepted", 1, "Patient/" + mine);
        awaitOpen(token, next);
        // Then
        problem(as(token).get("/fhir/Patient/{id}", mine), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void aPatientSeesItsOwnRecord() {
        // Given
        String mine = patient();
        String other = patient();
        String token = Tokens.patient(mine);
        String condition =
                create("{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/" + mine + "\"}}");
        create("{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/" + other + "\"}}");
        // Then
        assertThat(matches(search(token, "Patient"))).containsExactly(mine);
        assertThat(matches(search(token, "Condition"))).containsExactly(condition);
        problem(as(token).get("/fhir/Patient/{id}", other), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).delete("/fhir/Patient/{id}", mine), ProblemCode.FORBIDDEN);
    }

    private static String patient() {
        return create("{\"resourceType\":\"Patient\",\"gender\":\"female\"}");
    }

    private static String procedure(String patient, String organization) {
        return "{\"resourceType\":\"Procedure\",\"status\":\"completed\",\"subject\":{\"reference\":\"Patient/"
                + patient + "\"},\"performer\":[{\"actor\":{\"reference\":\"Organization/" + organization + "\"}}]}";
    }

    private void grant(String patient, String status, long version) {
        grantAs("t-" + patient, patient, status, version, "Patient/" + patient);
    }

    private void grantAs(String task, String patient, String status, long version, String key) {
        String body = task(task, patient, status);
        Events.tell("referrals", Events.event(ResourceKey.of("Task", task), Change.UPDATED, version, key, body));
    }

    private String task(String task, String patient, String status) {
        return "{\"resourceType\":\"Task\",\"id\":\"" + task + "\",\"status\":\"" + status
                + "\",\"intent\":\"order\",\"for\":{\"reference\":\"Patient/" + patient
                + "\"},\"owner\":{\"reference\":\"Organization/"
                + harbor + "\"}}";
    }

    private static void tellTask(String patient, String body, long version) {
        Events.tell(
                "referrals",
                Events.event(
                        ResourceKey.of("Task", "t-" + patient), Change.UPDATED, version, "Patient/" + patient, body));
    }

    private static void awaitOpen(String token, String patient) {
        await().atMost(PATIENCE)
                .until(() -> as(token).get("/fhir/Patient/{id}", patient).statusCode() == 200);
    }

    private static void awaitShut(String token, String patient) {
        await().atMost(PATIENCE)
                .until(() -> as(token).get("/fhir/Patient/{id}", patient).statusCode() == 404);
    }
}
