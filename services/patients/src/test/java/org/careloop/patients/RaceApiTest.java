package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.mark;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/**
 * Many writers of one resource at the same moment: none loses what another wrote, none makes a second one.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#concurrency">FHIR R4 managing resource contention</a>
 */
@QuarkusTest
class RaceApiTest {

    private static final int WRITERS = 32;

    @Test
    void of64ConditionalCreatesOneCreates() throws Exception {
        // Given
        String mark = mark();
        // When
        List<Integer> statuses = atOnce(
                2 * WRITERS,
                writer -> coordinator()
                        .header("If-None-Exist", "identifier=" + mark)
                        .body(patient("female", mark, ""))
                        .post("/fhir/Patient")
                        .statusCode());
        // Then
        assertThat(statuses).containsOnly(200, 201).containsOnlyOnce(201);
        assertThat(found("Patient?identifier=" + mark)).hasSize(1);
    }

    @Test
    void ofConditionalUpdatesThatFindNothingOneCreates() throws Exception {
        // Given
        String mark = mark();
        // When
        List<Integer> statuses = atOnce(
                WRITERS,
                writer -> coordinator()
                        .body(patient("female", mark, ""))
                        .put("/fhir/Patient?identifier=" + mark)
                        .statusCode());
        // Then
        assertThat(statuses).containsOnly(200, 201).containsOnlyOnce(201);
        assertThat(found("Patient?identifier=" + mark)).hasSize(1);
    }

    @Test
    void ofUpdatesOfOneVersionOneWinsAndTheOthersAreTold() throws Exception {
        // Given
        String id = create(patient("female"));
        // When
        List<Integer> statuses = atOnce(
                WRITERS,
                writer -> coordinator()
                        .header("If-Match", "W/\"1\"")
                        .body(patient("male", id))
                        .put("/fhir/Patient/{id}", id)
                        .statusCode());
        // Then
        assertThat(statuses).containsOnly(200, 412).containsOnlyOnce(200);
        assertThat(versions(id)).containsExactly("2", "1");
    }

    /** Each is judged against what it replaces, however often others come first. */
    @Test
    void ofUpdatesWithoutVersionAllAreKeptOneAfterTheOther() throws Exception {
        // Given
        String id = create(patient("female"));
        // When
        List<String> versions = atOnce(
                WRITERS,
                writer -> coordinator()
                        .body("""
                                {"resourceType":"Patient","id":"%s","name":[{"family":"Writer%s"}]}""".formatted(id, writer))
                        .put("/fhir/Patient/" + id)
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("meta.versionId"));
        // Then
        assertThat(versions)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(2, WRITERS + 1)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void ofPatchesWithoutVersionNoneIsLost() throws Exception {
        // Given
        String id = create("{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"first\"}]}");
        // When
        List<Integer> statuses = atOnce(
                WRITERS,
                writer -> Fhir.as(Tokens.coordinator())
                        .contentType("application/json-patch+json")
                        .body("[{\"op\":\"add\",\"path\":\"/identifier/-\",\"value\":{\"value\":\"w" + writer + "\"}}]")
                        .patch("/fhir/Patient/{id}", id)
                        .statusCode());
        // Then
        assertThat(statuses).containsOnly(200);
        List<String> values = coordinator().get("/fhir/Patient/{id}", id).path("identifier.value");
        assertThat(values).hasSize(WRITERS + 1).doesNotHaveDuplicates();
        assertThat(versions(id)).containsExactlyElementsOf(downFrom(WRITERS + 1));
    }

    @Test
    void deletionsAndUpdatesLeaveOneHistoryWithoutGap() throws Exception {
        // Given
        String id = create(patient("female"));
        // When
        List<Integer> statuses = atOnce(
                WRITERS,
                writer -> writer % 2 == 0
                        ? coordinator().delete("/fhir/Patient/{id}", id).statusCode()
                        : coordinator()
                                .body(patient(writer % 4 == 1 ? "male" : "other", id))
                                .put("/fhir/Patient/{id}", id)
                                .statusCode());
        // Then
        assertThat(statuses).isSubsetOf(200, 201, 204);
        List<String> versions = versions(id);
        assertThat(versions).containsExactlyElementsOf(downFrom(versions.size()));
        assertThat(coordinator().get("/fhir/Patient/{id}", id).statusCode()).isIn(200, 410);
    }

    private static List<String> downFrom(int newest) {
        return IntStream.range(0, newest)
                .mapToObj(i -> Integer.toString(newest - i))
                .toList();
    }

    /** Of a deletion there is no resource, but its number is told as any other. */
    private static List<String> versions(String id) {
        Response history = coordinator().get("/fhir/Patient/{id}/_history?_count=200", id);
        List<String> tags = history.path("entry.response.etag");
        return tags.stream().map(tag -> tag.replaceAll("[^0-9]", "")).toList();
    }

    /** All wait for each other before they send. */
    private static <T> List<T> atOnce(int writers, IntFunction<T> send) throws Exception {
        CountDownLatch ready = new CountDownLatch(writers);
        List<T> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<T>> sent = IntStream.range(0, writers)
                    .mapToObj(writer -> threads.submit(() -> {
                        ready.countDown();
                        ready.await();
                        return send.apply(writer);
                    }))
                    .toList();
            for (Future<T> each : sent) {
                answers.add(each.get());
            }
        }
        return answers;
    }
}
