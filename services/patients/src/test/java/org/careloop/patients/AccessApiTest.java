package org.careloop.patients;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.AgencyTasks.observation;
import static org.careloop.patients.AgencyTasks.observationBody;
import static org.careloop.patients.AgencyTasks.patient;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.matches;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** Who may see and do what, as the token tells; the rules are in {@code access.yaml}. */
@QuarkusTest
class AccessApiTest {

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

    private static String idOf(String reference) {
        return reference.substring(reference.indexOf('/') + 1);
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
}
