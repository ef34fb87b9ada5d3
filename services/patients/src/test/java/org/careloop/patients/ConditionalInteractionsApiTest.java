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
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;

/**
 * Reads, updates and deletions under conditions; conditional creates are in {@link ConditionalRequestsApiTest}.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#cond-update">FHIR R4 conditional update</a>
 */
@QuarkusTest
class ConditionalInteractionsApiTest {

    private final String mark = mark();

    @Test
    void readAnswers304ToWhoHasTheVersion() {
        // Given
        String id = create(patient("female"));
        String changed = coordinator().get("/fhir/Patient/{id}", id).header("Last-Modified");
        // Then
        coordinator()
                .header("If-Modified-Since", changed)
                .get("/fhir/Patient/{id}", id)
                .then()
                .statusCode(304)
                .header("ETag", "W/\"1\"")
                .body(equalTo(""));
        coordinator()
                .header("If-Modified-Since", "Sat, 07 Mar 2020 20:00:00 GMT")
                .get("/fhir/Patient/{id}", id)
                .then()
                .statusCode(200);
        coordinator()
                .header("If-Modified-Since", "soon")
                .get("/fhir/Patient/{id}", id)
                .then()
                .statusCode(200);
        coordinator()
                .header("If-Modified-Since", changed)
                .header("If-None-Match", "W/\"9\"")
                .get("/fhir/Patient/{id}", id)
                .then()
                .statusCode(200);
    }

    @Test
    void updateReplacesTheOneThatMatches() {
        // Given
        String id = create(patient("female", mark, ""));
        // When
        coordinator()
                .body(patient("male", mark, ""))
                .put("/fhir/Patient?identifier=" + mark)
                .then()
                .statusCode(200)
                .header("ETag", "W/\"2\"")
                .body("id", equalTo(id))
                .body("gender", equalTo("male"));
        // Then
        coordinator()
                .body(patient("other", mark, id))
                .put("/fhir/Patient?identifier=" + mark)
                .then()
                .statusCode(200);
        assertThat(problem(
                        coordinator().body(patient("male", mark, "another")).put("/fhir/Patient?identifier=" + mark),
                        ProblemCode.MALFORMED_BODY))
                .startsWith("Patient.id: not that of the resource that matches");
        problem(
                coordinator()
                        .header("If-Match", "W/\"1\"")
                        .body(patient("male", mark, ""))
                        .put("/fhir/Patient?identifier=" + mark),
                ProblemCode.VERSION_CONFLICT);
    }

    @Test
    void updateCreatesWhenNothingMatches() {
        // Given
        String chosen = "chosen-" + UUID.randomUUID();
        String other = create(patient("female"));
        // When
        coordinator()
                .body(patient("male", mark, chosen))
                .put("/fhir/Patient?identifier=" + mark)
                .then()
                .statusCode(201)
                .body("id", equalTo(chosen));
        coordinator()
                .body(patient("male", "two-" + mark, ""))
                .put("/fhir/Patient?identifier=two-" + mark)
                .then()
                .statusCode(201)
                .header("ETag", "W/\"1\"");
        // Then
        assertThat(found("Patient?identifier=two-" + mark)).hasSize(1);
        problem(
                coordinator()
                        .body(patient("male", "three-" + mark, other))
                        .put("/fhir/Patient?identifier=three-" + mark),
                ProblemCode.ALREADY_EXISTS);
    }

    @Test
    void parallelUpdatesWithTheSameCriteriaCreateOne() throws InterruptedException {
        // When
        List<Integer> statuses;
        try (var threads = Executors.newFixedThreadPool(8)) {
            statuses = threads
                    .invokeAll(Collections.<Callable<Integer>>nCopies(
                            8,
                            () -> coordinator()
                                    .body(patient("male", mark, ""))
                                    .put("/fhir/Patient?identifier=" + mark)
                                    .statusCode()))
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }
        // Then
        assertThat(statuses).containsOnly(200, 201).containsOnlyOnce(201);
        assertThat(found("Patient?identifier=" + mark)).hasSize(1);
    }

    @Test
    void refusesSeveralMatchesAndNoCriteria() {
        // Given
        create(patient("female", mark, ""));
        create(patient("male", mark, ""));
        // Then
        problem(
                coordinator().body(patient("male", mark, "")).put("/fhir/Patient?identifier=" + mark),
                ProblemCode.MULTIPLE_MATCHES);
        problem(coordinator().delete("/fhir/Patient?identifier=" + mark), ProblemCode.MULTIPLE_MATCHES);
        problem(coordinator().body(patient("male")).put("/fhir/Patient"), ProblemCode.INVALID_PARAMETER);
        problem(coordinator().delete("/fhir/Patient"), ProblemCode.INVALID_PARAMETER);
        problem(coordinator().delete("/fhir/Patient?nonsense=1"), ProblemCode.UNSUPPORTED_PARAMETER);
        assertThat(found("Patient?identifier=" + mark)).hasSize(2);
    }

    @Test
    void deletionTakesTheOneThatMatches() {
        // Given
        String id = create(patient("female", mark, ""));
        // When
        coordinator().delete("/fhir/Patient?identifier=" + mark).then().statusCode(204);
        // Then
        problem(coordinator().get("/fhir/Patient/{id}", id), ProblemCode.RESOURCE_GONE);
        coordinator().delete("/fhir/Patient?identifier=" + mark).then().statusCode(204);
        coordinator()
                .header("Prefer", "return=OperationOutcome")
                .delete("/fhir/Patient?identifier=" + mark)
                .then()
                .statusCode(200)
                .body("resourceType", equalTo("OperationOutcome"));
    }
}
