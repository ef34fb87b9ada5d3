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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a request makes depend on a version or on what matches, also when many come at once.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a>
 */
@QuarkusTest
class ConditionalRequestsApiTest {

    @Test
    void aStaleUpdateOrDeletionChangesNothing() {
        // Given
        String id = create(patient("female"));
        coordinator().body(patient("male", id)).put("/fhir/Patient/{id}", id);
        // Then
        problem(
                coordinator()
                        .header("If-Match", "W/\"1\"")
                        .body(patient("other", id))
                        .put("/fhir/Patient/{id}", id),
                ProblemCode.VERSION_CONFLICT);
        problem(
                coordinator().header("If-Match", "W/\"1\"").delete("/fhir/Patient/{id}", id),
                ProblemCode.VERSION_CONFLICT);
        problem(
                coordinator().header("If-Match", "1").body(patient("other", id)).put("/fhir/Patient/{id}", id),
                ProblemCode.INVALID_PARAMETER);
        coordinator()
                .get("/fhir/Patient/{id}", id)
                .then()
                .header("ETag", "W/\"2\"")
                .body("gender", equalTo("male"));
        coordinator()
                .header("If-Match", "W/\"2\"")
                .body(patient("other", id))
                .put("/fhir/Patient/{id}", id)
                .then()
                .statusCode(200)
                .header("ETag", "W/\"3\"");
    }

    @Test
    void ofParallelUpdatesOfOneVersionExactlyOneWins() throws Exception {
        // Given
        String id = create(patient("female"));
        // When
        List<Integer> statuses = inParallel(
                16,
                () -> coordinator()
                        .header("If-Match", "W/\"1\"")
                        .body(patient("male", id))
                        .put("/fhir/Patient/{id}", id)
                        .statusCode());
        // Then
        assertThat(statuses).containsOnly(200, 412).containsOnlyOnce(200);
        coordinator().get("/fhir/Patient/{id}", id).then().header("ETag", "W/\"2\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"W/\"1\"", "\"1\"", "W/\"7\", W/\"1\"", "*"})
    void whatTheClientHasIsNotSentAgain(String tag) {
        // Given
        String id = create(patient("female"));
        // When
        Response answer = coordinator().header("If-None-Match", tag).get("/fhir/Patient/{id}", id);
        // Then
        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.asByteArray()).isEmpty();
        assertThat(answer.header("ETag")).isEqualTo("W/\"1\"");
        coordinator()
                .header("If-None-Match", "W/\"2\"")
                .get("/fhir/Patient/{id}", id)
                .then()
                .statusCode(200);
    }

    @Test
    void aConditionalCreateMakesOneFindsItAndRefusesToChoose() {
        // Given
        String mark = mark();
        Response made = coordinator()
                .header("If-None-Exist", "identifier=" + mark)
                .body(patient("female", mark, ""))
                .post("/fhir/Patient");
        assertThat(made.statusCode()).isEqualTo(201);
        // When
        Response again = coordinator()
                .header("If-None-Exist", "identifier=" + mark)
                .body(patient("male", mark, ""))
                .post("/fhir/Patient");
        // Then
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.header("Location")).isEqualTo(made.header("Location"));
        assertThat(again.<String>path("gender")).isEqualTo("female");
        // Given
        create(patient("female", mark, ""));
        // Then
        problem(
                coordinator()
                        .header("If-None-Exist", "identifier=" + mark)
                        .body(patient("male", mark, ""))
                        .post("/fhir/Patient"),
                ProblemCode.MULTIPLE_MATCHES);
        for (String criteria : List.of("nonsense=1", "identifier=" + mark + "&_count=0", "_summary=count")) {
            problem(
                    coordinator()
                            .header("If-None-Exist", criteria)
                            .body(patient("male", mark, ""))
                            .post("/fhir/Patient"),
                    ProblemCode.UNSUPPORTED_PARAMETER);
        }
        problem(
                coordinator()
                        .header("If-None-Exist", "&")
                        .body(patient("male", mark, ""))
                        .post("/fhir/Patient"),
                ProblemCode.INVALID_PARAMETER);
        assertThat(found("Patient?identifier=" + mark)).hasSize(2);
    }

    @Test
    void ofParallelConditionalCreatesExactlyOneCreatesHoweverTheyAreWritten() throws Exception {
        // Given
        String value = UUID.randomUUID().toString();
        String[] spellings = {
            "identifier=urn:t|" + value + "&gender=female", "gender=female&identifier=urn%3At%7C" + value
        };
        // When
        List<Integer> statuses = inParallel(
                32,
                () -> coordinator()
                        .header(
                                "If-None-Exist",
                                spellings[(int) (Thread.currentThread().threadId() % 2)])
                        .body(patient("female", "urn:t|" + value, ""))
                        .post("/fhir/Patient")
                        .statusCode());
        // Then
        assertThat(statuses).containsOnly(200, 201).containsOnlyOnce(201);
        assertThat(found("Patient?identifier=" + value)).hasSize(1);
    }

    private static List<Integer> inParallel(int times, Callable<Integer> call) throws Exception {
        List<Integer> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(times)) {
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                futures.add(threads.submit(call));
            }
            for (Future<Integer> future : futures) {
                results.add(future.get());
            }
        }
        return results;
    }
}
