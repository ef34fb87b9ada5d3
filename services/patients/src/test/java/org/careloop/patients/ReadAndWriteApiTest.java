package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.mark;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.UUID;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;

/**
 * One resource through its versions.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a>
 */
@QuarkusTest
class ReadAndWriteApiTest {

    @Test
    void updateMakesANewVersionAndKeepsTheOld() {
        // Given
        String id = create(patient("female"));
        // When
        coordinator()
                .body(patient("male", id))
                .put("/fhir/Patient/{id}", id)
                .then()
                .statusCode(200)
                .header("ETag", "W/\"2\"")
                .body("meta.versionId", equalTo("2"))
                .body("gender", equalTo("male"));
        // Then
        coordinator().get("/fhir/Patient/{id}", id).then().statusCode(200).body("gender", equalTo("male"));
        coordinator()
                .get("/fhir/Patient/{id}/_history/1", id)
                .then()
                .statusCode(200)
                .header("ETag", "W/\"1\"")
                .body("gender", equalTo("female"));
        problem(coordinator().get("/fhir/Patient/{id}/_history/3", id), ProblemCode.RESOURCE_NOT_FOUND);
        problem(coordinator().get("/fhir/Patient/{id}/_history/x", id), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void historyTellsEveryVersionNewestFirst() {
        // Given
        String id = create(patient("female"));
        coordinator().body(patient("male", id)).put("/fhir/Patient/{id}", id);
        coordinator().delete("/fhir/Patient/{id}", id);
        // When
        Response history = coordinator().get("/fhir/Patient/{id}/_history", id);
        // Then
        history.then().statusCode(200).body("type", equalTo("history")).body("total", equalTo(3));
        assertThat(history.<List<String>>path("entry.request.method")).containsExactly("DELETE", "PUT", "POST");
        assertThat(history.<List<String>>path("entry.response.etag")).containsExactly("W/\"3\"", "W/\"2\"", "W/\"1\"");
        assertThat(history.<Object>path("entry[0].resource")).isNull();
        assertThat(history.<List<String>>path("entry.resource.gender")).containsExactly("male", "female");
        problem(coordinator().get("/fhir/Patient/none/_history"), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void aDeletedResourceIsGoneButMayComeBack() {
        // Given
        String mark = mark();
        String id = create(patient("female", mark, ""));
        // When
        coordinator().delete("/fhir/Patient/{id}", id).then().statusCode(204).header("ETag", "W/\"2\"");
        // Then
        problem(coordinator().get("/fhir/Patient/{id}", id), ProblemCode.RESOURCE_GONE);
        problem(coordinator().get("/fhir/Patient/{id}/_history/2", id), ProblemCode.RESOURCE_GONE);
        coordinator().get("/fhir/Patient/{id}/_history/1", id).then().statusCode(200);
        assertThat(found("Patient?identifier=" + mark)).isEmpty();
        coordinator().delete("/fhir/Patient/{id}", id).then().statusCode(204);
        // When
        coordinator()
                .body(patient("male", mark, id))
                .put("/fhir/Patient/{id}", id)
                .then()
                .statusCode(201)
                .header("ETag", "W/\"3\"");
        // Then
        coordinator().get("/fhir/Patient/{id}", id).then().statusCode(200).body("gender", equalTo("male"));
        assertThat(found("Patient?identifier=" + mark)).containsExactly(id);
    }

    @Test
    void preferTellsWhatAWriteAnswers() {
        coordinator()
                .header("Prefer", "return=minimal")
                .body(patient("female"))
                .post("/fhir/Patient")
                .then()
                .statusCode(201)
                .header("Location", matchesPattern(".*/fhir/Patient/[^/]+/_history/1"))
                .body(equalTo(""));
        coordinator()
                .header("Prefer", "return=OperationOutcome")
                .body(patient("female"))
                .post("/fhir/Patient")
                .then()
                .statusCode(201)
                .body("resourceType", equalTo("OperationOutcome"))
                .body("issue[0].severity", equalTo("information"));
        coordinator()
                .header("Prefer", "return=representation")
                .body(patient("female"))
                .post("/fhir/Patient")
                .then()
                .statusCode(201)
                .body("resourceType", equalTo("Patient"));
    }

    @Test
    void aClientMayChooseTheIdOfANewResource() {
        // Given
        String id = "chosen-" + UUID.randomUUID();
        // Then
        coordinator()
                .body(patient("female", id))
                .put("/fhir/Patient/{id}", id)
                .then()
                .statusCode(201)
                .header("ETag", "W/\"1\"");
        problem(
                coordinator()
                        .header("If-Match", "W/\"1\"")
                        .body(patient("female", "absent"))
                        .put("/fhir/Patient/absent"),
                ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void theIdOfANewResourceIsTheServersChoice() {
        assertThat(create(patient("female", "my-own-id"))).isNotEqualTo("my-own-id");
    }
}
