package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.mark;
import static org.careloop.patients.Persons.patient;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/http.html#history">FHIR R4 history</a> */
@QuarkusTest
class HistoryApiTest {

    @ParameterizedTest
    @ValueSource(strings = {"Group/_history", "_history"})
    void tellsWhatHappenedToEveryResource(String url) {
        // Given
        String kept = group("person");
        String deleted = group("animal");
        coordinator().body(groupBody("device", kept)).put("/fhir/Group/{id}", kept);
        coordinator().delete("/fhir/Group/{id}", deleted);
        // When
        Response history = search(Tokens.coordinator(), url + "?_since=" + lastModified(kept, 1));
        // Then
        assertThat(told(history))
                .containsSubsequence(
                        "DELETE Group/" + deleted + " 204 W/\"2\"",
                        "PUT Group/" + kept + " 200 W/\"2\"",
                        "POST Group 201 W/\"1\"");
        assertThat(history.<String>path("type")).isEqualTo("history");
        assertThat(history.<Object>path("entry[0].resource")).isNull();
        assertThat(history.<String>path("entry[0].fullUrl")).endsWith("/fhir/Group/" + deleted);
        assertThat(history.<Integer>path("total")).isEqualTo(history.path("entry.size()"));
    }

    @Test
    void pagesHoldEveryVersionOnceWhileOthersWrite() {
        // Given
        String id = group("person");
        List<String> types = List.of("animal", "person", "animal", "person", "animal", "person");
        types.forEach(type -> coordinator().body(groupBody(type, id)).put("/fhir/Group/{id}", id));
        // When
        List<String> told = new ArrayList<>();
        String next = "Group/" + id + "/_history?_count=2";
        while (next != null) {
            Response page = search(Tokens.coordinator(), next);
            told.addAll(page.path("entry.response.etag"));
            String link = page.path("link.find { it.relation == 'next' }?.url");
            next = link == null ? null : link.substring(link.indexOf("/fhir/") + 6);
            coordinator()
                    .body(groupBody(told.size() % 4 == 0 ? "device" : "animal", id))
                    .put("/fhir/Group/{id}", id);
        }
        // Then
        assertThat(told)
                .containsExactlyElementsOf(Stream.of(7, 6, 5, 4, 3, 2, 1)
                        .map(version -> "W/\"" + version + "\"")
                        .toList());
    }

    @Test
    void sinceAndAtSelectVersionsByTheirTime() {
        // Given
        String id = group("person");
        coordinator().body(groupBody("animal", id)).put("/fhir/Group/{id}", id);
        coordinator().body(groupBody("device", id)).put("/fhir/Group/{id}", id);
        String url = "Group/" + id + "/_history";
        // Then
        assertThat(tags(url + "?_since=" + lastModified(id, 2))).containsExactly("W/\"3\"", "W/\"2\"");
        assertThat(tags(url + "?_since=2999-01-01")).isEmpty();
        assertThat(tags(url + "?_at=" + lastModified(id, 2))).containsExactly("W/\"2\"");
        assertThat(tags(url + "?_at=2999")).containsExactly("W/\"3\"");
        assertThat(tags(url + "?_at=1999")).isEmpty();
    }

    @Test
    void showsNobodyMoreThanTheyMaySearch() {
        // Given
        String own = create(patient("female", mark(), ""));
        String other = create(patient("male", mark(), ""));
        String group = group("person");
        // When
        Response system = search(Tokens.patient(own), "_history?_count=200");
        Response type = search(Tokens.patient(own), "Patient/_history");
        // Then
        assertThat(system.<List<String>>path("entry.fullUrl")).containsExactly(fullUrl("Patient/" + own));
        assertThat(type.<List<String>>path("entry.fullUrl")).containsExactly(fullUrl("Patient/" + own));
        assertThat(List.of(other, group)).noneMatch(system.asString()::contains);
        problem(as(Tokens.patient(own)).get("/fhir/Patient/{id}/_history", other), ProblemCode.RESOURCE_NOT_FOUND);
        problem(as(Tokens.partner("harbor")).get("/fhir/Group/_history"), ProblemCode.FORBIDDEN);
    }

    @Test
    void doesNotTellVersionsOfSomebodyElsesRecord() {
        // Given
        String first = create(patient("female"));
        String second = create(patient("female"));
        String id = create(condition("", first));
        coordinator()
                .body(condition(id, second))
                .put("/fhir/Condition/{id}", id)
                .then()
                .statusCode(200);
        // Then
        assertThat(search(Tokens.patient(second), "Condition/_history").<List<String>>path("entry.response.etag"))
                .containsExactly("W/\"2\"");
        assertThat(search(Tokens.patient(first), "Condition/_history").<Object>path("entry"))
                .isNull();
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        problem(coordinator().get("/fhir/Patient/_history?name=x"), ProblemCode.UNSUPPORTED_PARAMETER);
        problem(coordinator().get("/fhir/Patient/_history?_since=x"), ProblemCode.INVALID_PARAMETER);
        problem(coordinator().get("/fhir/Patient/_history?_count=0"), ProblemCode.INVALID_PARAMETER);
        problem(coordinator().get("/fhir/_history?_cursor=1-2"), ProblemCode.UNSUPPORTED_PARAMETER);
        problem(coordinator().get("/fhir/Task/_history"), ProblemCode.UNKNOWN_TYPE);
    }

    private static String group(String type) {
        return create(groupBody(type, ""));
    }

    private static String groupBody(String type, String id) {
        return "{\"resourceType\":\"Group\"" + (id.isEmpty() ? "" : ",\"id\":\"" + id + "\"") + ",\"type\":\"" + type
                + "\",\"actual\":true}";
    }

    private static String condition(String id, String patient) {
        return "{\"resourceType\":\"Condition\"" + (id.isEmpty() ? "" : ",\"id\":\"" + id + "\"")
                + ",\"subject\":{\"reference\":\"Patient/" + patient + "\"}}";
    }

    private static String fullUrl(String reference) {
        return "http://localhost:8080/fhir/" + reference;
    }

    private static String lastModified(String id, int version) {
        return coordinator()
                .get("/fhir/Group/{id}/_history/{version}", id, version)
                .path("meta.lastUpdated");
    }

    private static List<String> tags(String url) {
        return search(Tokens.coordinator(), url).path("entry.response.etag") instanceof List<?> tags
                ? tags.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static List<String> told(Response history) {
        return history.path(
                "entry.collect { it.request.method + ' ' + it.request.url + ' ' + it.response.status + ' ' + it.response.etag }");
    }
}
