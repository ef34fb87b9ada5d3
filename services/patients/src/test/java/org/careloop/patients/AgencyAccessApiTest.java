package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.careloop.patients.AgencyTasks.awaitOpen;
import static org.careloop.patients.AgencyTasks.awaitShut;
import static org.careloop.patients.AgencyTasks.observation;
import static org.careloop.patients.AgencyTasks.observationBody;
import static org.careloop.patients.AgencyTasks.patient;
import static org.careloop.patients.AgencyTasks.tellTask;
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
import java.util.List;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.testkit.Events;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** What a partner agency sees and does of the patients of its Tasks; the grants come by events of Tasks. */
@QuarkusTest
class AgencyAccessApiTest {

    private final String harbor = "harbor-" + UUID.randomUUID();
    private final AgencyTasks agency = new AgencyTasks(harbor);

    @Test
    void aPartnerSeesThePatientsOfItsReferralsAndNobodyElse() {
        // Given
        String mine = patient();
        String other = patient();
        String token = Tokens.partner(harbor);
        problem(as(token).get("/fhir/Patient/{id}", mine), ProblemCode.RESOURCE_NOT_FOUND);
        // When
        agency.grant(mine, "requested", 1);
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
        agency.grant(mine, "requested", 1);
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
        tellTask(mine, agency.taskThatNames(mine, "requested", named, ofOther), 1);
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
        tellTask(mine, agency.taskThatNames(mine, "accepted", unnamed), 2);
        // Then
        await().atMost(AgencyTasks.PATIENCE)
                .until(() -> as(token).get("/fhir/" + unnamed).statusCode() == 200);
        problem(as(token).get("/fhir/" + named), ProblemCode.RESOURCE_NOT_FOUND);
        as(token).body(own).post("/fhir/Observation").then().statusCode(201);
        // When
        tellTask(mine, agency.taskThatNames(mine, "rejected", unnamed), 3);
        // Then
        awaitShut(token, mine);
        problem(as(token).get("/fhir/" + unnamed), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(token).get("/fhir/" + reason), ProblemCode.RESOURCE_NOT_FOUND);
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
        agency.grant(mine, "requested", 1);
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
        agency.grant(mine, "in-progress", 1);
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

    private static String procedure(String patient, String organization) {
        return "{\"resourceType\":\"Procedure\",\"status\":\"completed\",\"subject\":{\"reference\":\"Patient/"
                + patient + "\"},\"performer\":[{\"actor\":{\"reference\":\"Organization/" + organization + "\"}}]}";
    }
}
