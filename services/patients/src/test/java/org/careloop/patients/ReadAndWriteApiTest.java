package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

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
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a> */
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
    void aMissingResourceIsNotFound() {
        assertThat(problem(coordinator().get("/fhir/Patient/none"), ProblemCode.RESOURCE_NOT_FOUND))
                .isEqualTo("Patient: no such resource");
        coordinator().delete("/fhir/Patient/none").then().statusCode(204);
    }

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
        problem(coordinator().body("[]").patch("/fhir/Patient/1"), ProblemCode.METHOD_NOT_ALLOWED);
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

    private static String mark() {
        return UUID.randomUUID().toString();
    }

    private static String patient(String gender) {
        return patient(gender, "", "");
    }

    private static String patient(String gender, String id) {
        return patient(gender, "", id);
    }

    /** {@code mark} is an identifier, with its system before a bar or without. */
    private static String patient(String gender, String mark, String id) {
        int bar = mark.indexOf('|');
        String identifier = mark.isEmpty()
                ? ""
                : ",\"identifier\":[{" + (bar < 0 ? "" : "\"system\":\"" + mark.substring(0, bar) + "\",")
                        + "\"value\":\"" + mark.substring(bar + 1) + "\"}]";
        return "{\"resourceType\":\"Patient\"" + (id.isEmpty() ? "" : ",\"id\":\"" + id + "\"") + identifier
                + ",\"gender\":\"" + gender + "\"}";
    }
}
