package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.mark;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;
import static org.careloop.testkit.Fhir.search;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Parts of resources, and searches that ignore what they do not know.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#summary">FHIR R4 _summary and _elements</a>
 */
@QuarkusTest
class ShapesApiTest {

    private final String mark = mark();
    private String id = "";

    @BeforeEach
    void aPatient() {
        id = create(
                "{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + mark + "\"}],"
                        + "\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"},"
                        + "\"gender\":\"female\",\"multipleBirthBoolean\":false,\"communication\":[{\"language\":{\"text\":\"nl\"}}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "_summary=true ~ gender id identifier meta resourceType",
                "_summary=text ~ id meta resourceType text",
                "_summary=data ~ communication gender id identifier meta multipleBirthBoolean resourceType",
                "_elements=gender,Patient.multipleBirth,Condition.code ~ gender id meta multipleBirthBoolean resourceType"
            })
    void aPartIsMarked(String query, String expected) {
        // When
        Map<String, Object> read =
                coordinator().get("/fhir/Patient/" + id + "?" + query).path("");
        Response found = search(Tokens.coordinator(), "Patient?identifier=" + mark + "&" + query);
        // Then
        assertThat(read.keySet()).containsExactlyInAnyOrder(expected.split(" "));
        assertThat(found.<Object>path("entry[0].resource")).isEqualTo(read);
        assertThat(found.<String>path("entry[0].resource.meta.tag[0].code")).isEqualTo("SUBSETTED");
        assertThat(found.<String>path("link[0].url")).contains("&_");
    }

    @Test
    void summaryFalseIsTheWhole() {
        assertThat(coordinator().get("/fhir/Patient/" + id + "?_summary=false").asString())
                .isEqualTo(coordinator().get("/fhir/Patient/" + id).asString());
    }

    @Test
    void refusesUnknownShapes() {
        problem(coordinator().get("/fhir/Patient/" + id + "?_summary=short"), ProblemCode.INVALID_PARAMETER);
        problem(coordinator().get("/fhir/Patient?_summary=short"), ProblemCode.UNSUPPORTED_PARAMETER);
        problem(coordinator().get("/fhir/Patient?_elements="), ProblemCode.INVALID_PARAMETER);
    }

    @Test
    void lenientSearchLeavesOutWhatItDoesNotKnow() {
        // When
        Response answer = coordinator()
                .header("Prefer", "handling=lenient")
                .get("/fhir/Patient?identifier=" + mark + "&nonsense=1&gender:strange=male&_sort=nonsense");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.<List<String>>path("entry.resource.id")).containsExactly(id);
        assertThat(answer.<String>path("link[0].url")).endsWith("/fhir/Patient?identifier=" + mark);
        problem(
                coordinator().header("Prefer", "handling=lenient").get("/fhir/Patient?birthdate=x"),
                ProblemCode.INVALID_PARAMETER);
        problem(
                coordinator().header("Prefer", "handling=strict").get("/fhir/Patient?nonsense=1"),
                ProblemCode.UNSUPPORTED_PARAMETER);
    }

    @Test
    void headTellsTheSameWithoutABody() {
        coordinator().head("/fhir/Patient/{id}", id).then().statusCode(200).header("ETag", "W/\"1\"");
        coordinator().head("/fhir/Patient?identifier=" + mark).then().statusCode(200);
        coordinator().head("/fhir/metadata").then().statusCode(200);
        coordinator().head("/fhir/Patient/none").then().statusCode(404);
    }
}
