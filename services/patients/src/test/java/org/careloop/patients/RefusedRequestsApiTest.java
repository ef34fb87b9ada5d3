package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.mark;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is refused, and how that is told.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a>
 */
@QuarkusTest
class RefusedRequestsApiTest {

    @Test
    void aMissingResourceIsNotFound() {
        assertThat(problem(coordinator().get("/fhir/Patient/none"), ProblemCode.RESOURCE_NOT_FOUND))
                .isEqualTo("Patient: no such resource");
        coordinator().delete("/fhir/Patient/none").then().statusCode(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{ ~ MALFORMED_BODY",
                "'' ~ MALFORMED_BODY",
                "[] ~ MALFORMED_BODY",
                "{\"resourceType\":\"Patient\",\"gender\":\"Zyxwvut\"} ~ MALFORMED_BODY",
                "{\"resourceType\":\"Patient\",\"colour\":\"Zyxwvut\"} ~ MALFORMED_BODY",
                "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"}} ~ MALFORMED_BODY",
                "{\"resourceType\":\"Patient\",\"link\":[{\"type\":\"seealso\"}]} ~ INVALID_RESOURCE"
            })
    void refusesWhatIsNoPatientAndRepeatsNothingOfIt(String body, ProblemCode code) {
        Response answer = coordinator().body(body).post("/fhir/Patient");
        problem(answer, code);
        assertThat(answer.asString()).doesNotContain("Zyxwvut");
    }

    @Test
    void refusalsNameTheElement() {
        coordinator()
                .body("{\"resourceType\":\"Patient\",\"birthDate\":\"31.12.1950\"}")
                .post("/fhir/Patient")
                .then()
                .statusCode(400)
                .body("issue[0].expression[0]", equalTo("Patient.birthDate"));
        coordinator()
                .body("{\"resourceType\":\"Observation\"}")
                .post("/fhir/Observation")
                .then()
                .statusCode(422)
                .body("issue.expression.flatten()", equalTo(List.of("Observation.status", "Observation.code")));
        coordinator()
                .body(patient("female", "other"))
                .put("/fhir/Patient/one")
                .then()
                .statusCode(400)
                .body("issue[0].expression[0]", equalTo("Patient.id"));
        coordinator().body(patient("female")).put("/fhir/Patient/one").then().statusCode(400);
    }

    @Test
    void whateverFailsIsAnsweredWithAnOutcome() {
        problem(coordinator().get("/fhir/Nonsense/1"), ProblemCode.UNKNOWN_TYPE);
        problem(coordinator().get("/fhir/Task"), ProblemCode.UNKNOWN_TYPE);
        problem(coordinator().get("/fhir/patient/1"), ProblemCode.UNKNOWN_TYPE);
        problem(coordinator().get("/fhir/Patient/a_b"), ProblemCode.INVALID_ID);
        problem(coordinator().get("/fhir/Patient/1/2/3"), ProblemCode.UNKNOWN_TYPE);
        problem(coordinator().body("[]").patch("/fhir/Patient/1"), ProblemCode.MALFORMED_BODY);
        problem(coordinator().body("{}").put("/fhir/metadata"), ProblemCode.METHOD_NOT_ALLOWED);
        problem(
                Fhir.as(Tokens.coordinator())
                        .contentType("text/plain")
                        .body("x")
                        .post("/fhir/Patient"),
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        problem(
                Fhir.as(Tokens.coordinator())
                        .contentType("application/fhir+xml")
                        .body("<Patient/>")
                        .post("/fhir/Patient"),
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        problem(coordinator().get("/fhir/Patient?nonsense=1"), ProblemCode.UNSUPPORTED_PARAMETER);
        problem(coordinator().get("/fhir/Patient?birthdate=x"), ProblemCode.INVALID_PARAMETER);
    }

    @Test
    void aControlCharacterInATextIsStoredAndFoundNotAFault() {
        // Given
        String mark = mark();
        String id = create("{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + mark + "\"}],"
                + "\"name\":[{\"family\":\"A\\u0000B\"}]}");
        // Then
        assertThat(found("Patient?identifier=" + mark + "&family=a%00b")).containsExactly(id);
        assertThat(found("Patient?_id=a%00b")).isEmpty();
        assertThat(found("Patient?identifier=a%00b")).isEmpty();
    }
}
