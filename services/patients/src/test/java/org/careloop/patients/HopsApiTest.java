package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.included;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
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

/** What a search or a criterion tells of the types that it leads through: what a search of these tells the same caller. */
@QuarkusTest
class HopsApiTest {

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String north = coordinator("north-" + run, "system/*.cruds");
    private final String south = coordinator("south-" + run, "system/*.cruds");
    private final String ofPatient = "code=" + run + "&subject:Patient.identifier=" + run;

    @Test
    void aConditionalCreateFindsByAChainWhatTheCallersSearchFinds() {
        // Given
        String patient = register(north);
        String observation = id(as(north).body(observation(patient)).post("/fhir/Observation"));
        assertThat(matches(search(north, "Observation?" + ofPatient))).containsExactly(observation);
        // When
        Response again = as(north)
                .header("If-None-Exist", ofPatient)
                .body(observation(patient))
                .post("/fhir/Observation");
        Response registered = as(north)
                .header("If-None-Exist", "_has:Observation:subject:code=" + run)
                .body(patient())
                .post("/fhir/Patient");
        Response together = as(north)
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":"
                        + observation(patient)
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Observation\",\"ifNoneExist\":\"" + ofPatient
                        + "\"}}]}")
                .post("/fhir");
        // Then
        again.then().statusCode(200).body("id", equalTo(observation));
        registered.then().statusCode(200).body("id", equalTo(patient));
        assertThat(together.<String>path("entry[0].response.location")).contains("Observation/" + observation + "/");
        assertThat(matches(search(north, "Observation?code=" + run))).containsExactly(observation);
    }

    @Test
    void otherConditionalWritesDoSoToo() {
        // Given
        String patient = register(north);
        String observation = id(as(north).body(observation(patient)).post("/fhir/Observation"));
        String criteria = "/fhir/Observation?" + ofPatient;
        // When
        as(north)
                .body(observation(patient).replace("final", "amended"))
                .put(criteria)
                .then()
                .statusCode(200)
                .body("id", equalTo(observation));
        as(north)
                .contentType("application/merge-patch+json")
                .body("{\"status\":\"corrected\"}")
                .patch(criteria)
                .then()
                .statusCode(200)
                .body("id", equalTo(observation));
        as(south).delete(criteria).then().statusCode(204);
        as(north).get("/fhir/Observation/" + observation).then().body("status", equalTo("corrected"));
        as(north).delete(criteria).then().statusCode(204);
        // Then
        problem(as(north).get("/fhir/Observation/" + observation), ProblemCode.RESOURCE_GONE);
    }

    @Test
    void whatIsHiddenIsFoundByNoCriteria() {
        // Given
        String theirs = register(north);
        as(north).body(observation(theirs)).post("/fhir/Observation");
        String mine = register(south);
        // When
        Response made = as(south)
                .header("If-None-Exist", ofPatient)
                .body(observation(mine))
                .post("/fhir/Observation");
        // Then
        made.then().statusCode(201);
    }

    /** What was found was not written, so it does not let anybody write in its record. */
    @Test
    void aPatientThatACriterionFindsDoesNotOpenTheRecord() {
        // Given
        String patient = register(north);
        String person = Tokens.token("breaker-" + run, "coordinator", "south-" + run, "user/*.cruds");
        breakGlass(patient);
        await().until(() -> as(person).get("/fhir/Patient/" + patient).statusCode() == 200);
        // When
        Response answer = as(person)
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":" + patient()
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\",\"ifNoneExist\":\"identifier=" + run
                        + "\"}},{\"resource\":" + observation(patient)
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}}]}")
                .post("/fhir");
        // Then
        problem(answer, ProblemCode.FORBIDDEN);
        assertThat(matches(search(north, "Observation?code=" + run))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Observation?subject:Patient.identifier=1",
                "Observation?subject.identifier=1",
                "Observation?derived-from:Observation.subject:Patient.family=x",
                "RelatedPerson?patient._has:Condition:subject:code=x",
                "RelatedPerson?patient:Patient.family=x"
            })
    void whoMayNotSearchATypeIsToldSoOnTheWayThroughItToo(String url) {
        // Given: to read is not to search
        String token = coordinator(
                "north-" + run,
                "user/Observation.cruds user/RelatedPerson.cruds user/Patient.r user/Condition.rs user/Group.r");
        String type = url.substring(0, url.indexOf('?'));
        String criteria = url.substring(url.indexOf('?') + 1);
        String said = as(token).get("/fhir/Patient").path("issue[0].diagnostics");
        // Then
        for (Response answer : List.of(
                as(token).get("/fhir/" + url),
                as(token)
                        .header("If-None-Exist", criteria)
                        .body("{\"resourceType\":\"" + type + "\"}")
                        .post("/fhir/" + type),
                as(token).body("{\"resourceType\":\"" + type + "\"}").put("/fhir/" + url),
                as(token).delete("/fhir/" + url))) {
            problem(answer, ProblemCode.FORBIDDEN);
            assertThat(answer.<String>path("issue[0].diagnostics")).startsWith("scope: does not allow this");
        }
        assertThat(said).startsWith("scope: does not allow this");
    }

    /** A chain that may lead to several types goes where it may; what is added to a search was searched too. */
    @Test
    void theWayLeadsThroughWhatMayBeSearchedAndNothingElse() {
        // Given
        String patient = register(north);
        String observation = id(as(north).body(observation(patient)).post("/fhir/Observation"));
        String person = id(as(north)
                .body("{\"resourceType\":\"RelatedPerson\",\"patient\":{\"reference\":\"Patient/" + patient + "\"}}")
                .post("/fhir/RelatedPerson"));
        String reads = "north-" + run;
        String searches =
                coordinator(reads, "user/Observation.rs?category=laboratory user/Patient.rs user/RelatedPerson.r");
        String includes =
                "Patient?_id=" + patient + "&_revinclude=Observation:subject&_revinclude=RelatedPerson:patient";
        // Then: the Observation is not of the laboratory
        assertThat(matches(search(searches, "Patient?_has:Observation:subject:code=" + run)))
                .isEmpty();
        assertThat(included(search(searches, includes))).isEmpty();
        // When
        as(north)
                .contentType("application/merge-patch+json")
                .body("{\"category\":[{\"coding\":[{\"code\":\"laboratory\"}]}]}")
                .patch("/fhir/Observation/" + observation);
        // Then
        assertThat(matches(search(searches, "Patient?_has:Observation:subject:code=" + run)))
                .containsExactly(patient);
        assertThat(included(search(searches, includes))).containsExactly("Observation/" + observation);
        assertThat(included(search(north, includes)))
                .containsExactlyInAnyOrder("Observation/" + observation, "RelatedPerson/" + person);
        problem(
                as(searches)
                        .get(
                                "/fhir/Observation/$lastn?patient.gender=female&patient._has:RelatedPerson:patient:name=x"),
                ProblemCode.FORBIDDEN);
        assertThat(matches(search(
                        coordinator(reads, "user/Group.rs user/Patient.rs"), "Group?member:Patient.identifier=" + run)))
                .isEmpty();
    }

    private void breakGlass(String patient) {
        String id = "glass-" + run;
        Events.tell(
                "care-plans",
                Events.event(
                        ResourceKey.of("Communication", id), Change.CREATED, 1, "Patient/" + patient, """
                        {"resourceType":"Communication","id":"%s","status":"completed","subject":{"reference":"Patient/%s"},
                         "category":[{"coding":[{"system":"https://careloop.org/fhir/CodeSystem/communication-category",
                           "code":"break-glass"}]}],
                         "sender":{"reference":"Organization/south-%s","identifier":{
                           "system":"https://careloop.org/fhir/sid/token-subject","value":"breaker-%3$s"}}}""".formatted(
                                        id, patient, run)));
    }

    private static String coordinator(String organization, String scope) {
        return Tokens.token(organization + "-ehr", "coordinator", organization, scope);
    }

    private String register(String token) {
        return id(as(token).body(patient()).post("/fhir/Patient"));
    }

    private static String id(Response made) {
        assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
        return made.path("id");
    }

    private String patient() {
        return "{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + run + "\"}]}";
    }

    private String observation(String patient) {
        return """
                {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/%s"},
                 "code":{"coding":[{"code":"%s"}]}}""".formatted(patient, run);
    }
}
