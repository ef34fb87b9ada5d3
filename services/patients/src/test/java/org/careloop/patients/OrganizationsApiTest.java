package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hospitals on one platform: each has its patients, and none sees, counts, finds or changes anything of the other's. */
@QuarkusTest
class OrganizationsApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String north = coordinator("north-" + run);
    private final String south = coordinator("south-" + run);

    @Test
    void whatOneOrganizationRegisteredIsNotThereForAnother() {
        // Given
        String patient = register(north);
        String observation = observe(north, patient);
        String tag = "Observation?code=http://loinc.org%7C" + run;
        // Then
        for (String url : List.of(
                "Patient/" + patient,
                "Patient/" + patient + "/_history",
                "Patient/" + patient + "/_history/1",
                "Observation/" + observation,
                "Observation/" + observation + "/_history")) {
            as(north).get("/fhir/" + url).then().statusCode(200);
            problem(as(south).get("/fhir/" + url), ProblemCode.RESOURCE_NOT_FOUND);
        }
        assertThat(matches(search(north, tag))).containsExactly(observation);
        Response nothing = search(south, tag + "&_total=accurate&_include=Observation:subject");
        assertThat(nothing.<Integer>path("total")).isZero();
        assertThat(nothing.<Object>path("entry")).isNull();
        assertThat(matches(search(south, "Patient?_has:Observation:patient:code=" + run)))
                .isEmpty();
        assertThat(matches(search(south, "Observation?patient.identifier=" + run)))
                .isEmpty();
        assertThat(search(south, "Observation?patient=" + patient).<Object>path("entry"))
                .isNull();
        assertThat(as(south).get("/fhir/_history?_since=2020-01-01").asString()).doesNotContain(patient);
    }

    @Test
    void nobodyWritesIntoTheRecordOfAnothersPatient() {
        // Given
        String patient = register(north);
        String observation = observe(north, patient);
        String mine = register(south);
        // Then
        problem(as(south).body(observation(patient)).post("/fhir/Observation"), ProblemCode.FORBIDDEN);
        problem(
                as(south).body(observation(patient, observation)).put("/fhir/Observation/" + observation),
                ProblemCode.FORBIDDEN);
        problem(
                as(south).body(patient(patient, "south-" + run)).put("/fhir/Patient/" + patient),
                ProblemCode.FORBIDDEN);
        problem(
                as(south)
                        .contentType("application/merge-patch+json")
                        .body("{\"active\":false}")
                        .patch("/fhir/Patient/" + patient),
                ProblemCode.RESOURCE_NOT_FOUND);
        // What is not there for the caller is deleted already.
        as(south).delete("/fhir/Patient/" + patient).then().statusCode(204);
        as(south).delete("/fhir/Observation/" + observation).then().statusCode(204);
        as(north).get("/fhir/Observation/" + observation).then().statusCode(200).header("ETag", "W/\"1\"");
        as(north).get("/fhir/Patient/" + patient).then().statusCode(200).header("ETag", "W/\"1\"");
        // When an own resource is moved into the other's record
        String own = observe(south, mine);
        problem(as(south).body(observation(patient, own)).put("/fhir/Observation/" + own), ProblemCode.FORBIDDEN);
        as(south).get("/fhir/Observation/" + own).then().body("subject.reference", equalTo("Patient/" + mine));
    }

    /** That a transaction also writes a Patient opens its record only to whoever may write that Patient. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/%1$s\"}}",
                "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"%1$s\"},\"request\":{\"method\":\"PUT\",\"url\":\"Patient/%1$s\"}}",
                "{\"resource\":{\"resourceType\":\"Patient\"},\"request\":{\"method\":\"POST\",\"url\":\"Patient\",\"ifNoneExist\":\"_id=%1$s\"}}"
            })
    void noTransactionOpensTheRecordOfAnothersPatient(String entry) {
        // Given
        String patient = register(north);
        String observation = observe(north, patient);
        // When
        Response answer = as(south)
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + entry.formatted(patient)
                        + ",{\"resource\":" + observation(patient, observation)
                        + ",\"request\":{\"method\":\"PUT\",\"url\":\"Observation/" + observation + "\"}}]}")
                .post("/fhir");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isBetween(400, 499);
        as(north).get("/fhir/Observation/" + observation).then().statusCode(200).header("ETag", "W/\"1\"");
        as(north).get("/fhir/Patient/" + patient).then().statusCode(200).header("ETag", "W/\"1\"");
    }

    @Test
    void aTransactionWritesIntoTheRecordThatItBegins() {
        // When
        Response answer = as(north)
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                        + "{\"resource\":" + observation("x").replace("Patient/x", "urn:uuid:" + new UUID(1, 1))
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}},"
                        + "{\"fullUrl\":\"urn:uuid:" + new UUID(1, 1)
                        + "\",\"resource\":{\"resourceType\":\"Patient\"},"
                        + "\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}]}")
                .post("/fhir");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.<List<String>>path("entry.response.status")).allMatch(status -> status.startsWith("201"));
        assertThat(matches(search(north, "Observation?code=" + run))).hasSize(1);
    }

    @Test
    void theOrganizationThatKeepsTheRecordSeesItToo() {
        // Given
        String patient = as(north)
                .body(patient("", "south-" + run))
                .post("/fhir/Patient")
                .path("id");
        // Then
        as(south).get("/fhir/Patient/" + patient).then().statusCode(200);
        // When
        as(south).body(observation(patient)).post("/fhir/Observation").then().statusCode(201);
        // Then
        assertThat(matches(search(north, "Observation?patient=" + patient))).hasSize(1);
    }

    @Test
    void membershipOfTheTeamOpensTheRecordAndItsEndShutsIt() {
        // Given
        String patient = register(north);
        String observation = observe(north, patient);
        // When
        team(patient, 1, "active", "");
        // Then
        await().atMost(PATIENCE)
                .until(() -> as(south).get("/fhir/Observation/" + observation).statusCode() == 200);
        as(south).body(observation(patient)).post("/fhir/Observation").then().statusCode(201);
        // When
        team(patient, 2, "active", "{\"end\":\"" + Instant.now().minusSeconds(60) + "\"}");
        // Then
        await().atMost(PATIENCE)
                .until(() -> as(south).get("/fhir/Observation/" + observation).statusCode() == 404);
        problem(as(south).body(observation(patient)).post("/fhir/Observation"), ProblemCode.FORBIDDEN);
        // When the period is still to come
        team(patient, 3, "active", "{\"start\":\"" + Instant.now().plusSeconds(3600) + "\"}");
        team("other-" + patient, 1, "active", "");
        // Then
        as(south).get("/fhir/Observation/" + observation).then().statusCode(404);
    }

    @Test
    void aTeamThatEndsOrIsDeletedShutsTheRecord() {
        // Given
        String patient = register(north);
        team(patient, 1, "active", "");
        await().atMost(PATIENCE)
                .until(() -> as(south).get("/fhir/Patient/" + patient).statusCode() == 200);
        // When
        team(patient, 2, "inactive", "");
        // Then
        await().atMost(PATIENCE)
                .until(() -> as(south).get("/fhir/Patient/" + patient).statusCode() == 404);
        // When an older version is told again
        team(patient, 1, "active", "");
        // Then
        as(south).get("/fhir/Patient/" + patient).then().statusCode(404);
    }

    @Test
    void aSupervisorSeesThePatientsOfItsOrganization() {
        // Given
        String patient = register(north);
        // Then
        as(Tokens.token("s", "supervisor", "north-" + run, "user/*.rs"))
                .get("/fhir/Patient/" + patient)
                .then()
                .statusCode(200);
        problem(
                as(Tokens.token("s", "supervisor", "south-" + run, "user/*.rs")).get("/fhir/Patient/" + patient),
                ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void aDeletedPatientIsGoneForItsOrganizationAndUnknownToOthers() {
        // Given
        String patient = register(north);
        as(north).delete("/fhir/Patient/" + patient).then().statusCode(204);
        // Then
        problem(as(north).get("/fhir/Patient/" + patient), ProblemCode.RESOURCE_GONE);
        problem(as(south).get("/fhir/Patient/" + patient), ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                as(south).body(patient(patient, "south-" + run)).put("/fhir/Patient/" + patient),
                ProblemCode.FORBIDDEN);
    }

    private static String coordinator(String organization) {
        return Tokens.token(organization + "-ehr", "coordinator", organization, "system/*.cruds");
    }

    private String register(String token) {
        Response answer = as(token)
                .body("{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + run + "\"}]}")
                .post("/fhir/Patient");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.path("id");
    }

    private static String patient(String id, String organization) {
        return "{\"resourceType\":\"Patient\"" + (id.isEmpty() ? "" : ",\"id\":\"" + id + "\"")
                + ",\"managingOrganization\":{\"reference\":\"Organization/" + organization + "\"}}";
    }

    private String observe(String token, String patient) {
        Response answer = as(token).body(observation(patient)).post("/fhir/Observation");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.path("id");
    }

    private String observation(String patient) {
        return """
                {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/%s"},
                 "code":{"coding":[{"system":"http://loinc.org","code":"%s"}]}}""".formatted(patient, run);
    }

    private String observation(String patient, String id) {
        return observation(patient).replaceFirst("\\{", "{\"id\":\"" + id + "\",");
    }

    /** The care-plans service tells of a team of which the southern organisation is a member. */
    private void team(String patient, long version, String status, String period) {
        String id = "team-" + patient;
        Events.tell(
                "care-plans",
                Events.event(
                        ResourceKey.of("CareTeam", id),
                        version == 1 ? Change.CREATED : Change.UPDATED,
                        version,
                        "Patient/" + patient,
                        """
                        {"resourceType":"CareTeam","id":"%s","status":"%s","subject":{"reference":"Patient/%s"},
                         "participant":[{"member":{"reference":"Organization/south-%s"}%s}]}""".formatted(id, status, patient, run, period.isEmpty() ? "" : ",\"period\":" + period)));
    }
}
