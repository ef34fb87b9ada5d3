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
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * @see <a href="https://hl7.org/fhir/R4/http.html#patch">FHIR R4 patch</a>
 */
@QuarkusTest
class PatchApiTest {

    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String FHIR = "application/fhir+json";

    private final String mark = mark();
    private String id = "";

    @BeforeEach
    void aPatient() {
        id = create("{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + mark + "\"}],"
                + "\"active\":true,\"name\":[{\"family\":\"A\",\"given\":[\"one\",\"two\"]},{\"family\":\"B\"}],"
                + "\"gender\":\"female\"}");
    }

    @Test
    void jsonPatchChangesWhatItNames() {
        // When
        Response answer = patch(JSON_PATCH, """
                [{"op":"test","path":"/gender","value":"female"},
                 {"op":"replace","path":"/gender","value":"male"},
                 {"op":"add","path":"/name/0/given/-","value":"three"},
                 {"op":"add","path":"/name/0/given/0","value":"zero"},
                 {"op":"copy","from":"/name/1/family","path":"/name/0/text"},
                 {"op":"move","from":"/name/0/given/1","path":"/name/0/given/2"},
                 {"op":"remove","path":"/active"}]""");
        // Then
        answer.then()
                .statusCode(200)
                .header("ETag", "W/\"2\"")
                .body("gender", equalTo("male"))
                .body("name[0].text", equalTo("B"))
                .body("name[0].given.join(' ')", equalTo("zero two one three"))
                .body("active", equalTo(null));
        assertThat(found("Patient?identifier=" + mark + "&gender=male&given=three"))
                .containsExactly(id);
    }

    @Test
    void mergePatchSetsAndRemovesMembers() {
        // When
        Response answer = patch(MERGE_PATCH, """
                {"gender":null,"birthDate":"1950-01-02","maritalStatus":{"text":"single","coding":null},"name":[{"family":"C"}]}""");
        // Then
        answer.then()
                .statusCode(200)
                .body("gender", equalTo(null))
                .body("birthDate", equalTo("1950-01-02"))
                .body("maritalStatus.text", equalTo("single"))
                .body("name.family", equalTo(java.util.List.of("C")));
    }

    @Test
    void fhirPathPatchAddsInsertsDeletesReplacesAndMoves() {
        // When
        Response answer = patch(
                FHIR,
                parameters(
                        operation("add", "Patient", "name:birthDate", "\"valueDate\":\"1950-01-02\""),
                        operation("replace", "Patient.gender", "", "\"valueCode\":\"male\""),
                        operation("delete", "Patient.name.where(family = 'B')", "", ""),
                        operation("insert", "Patient.name[0].given", "index:1", "\"valueString\":\"between\""),
                        operation("move", "Patient.name[0].given", "source:0,destination:2", ""),
                        operation("replace", "Patient.name[0].family", "", "\"valueString\":\"C\""),
                        operation(
                                "insert",
                                "Patient.communication",
                                "index:0",
                                "\"part\":[{\"name\":\"language\","
                                        + "\"valueCodeableConcept\":{\"text\":\"Dutch\"}},{\"name\":\"preferred\",\"valueBoolean\":true}]"),
                        operation(
                                "add",
                                "Patient",
                                "name:contact",
                                "\"part\":[{\"name\":\"name\",\"valueHumanName\":{\"family\":\"Next\"}}]"),
                        operation("add", "Patient", "name:deceased", "\"valueBoolean\":false")));
        // Then
        answer.then()
                .statusCode(200)
                .body("birthDate", equalTo("1950-01-02"))
                .body("gender", equalTo("male"))
                .body("name.size()", equalTo(1))
                .body("name[0].family", equalTo("C"))
                .body("name[0].given.join(' ')", equalTo("between two one"))
                .body("communication[0].language.text", equalTo("Dutch"))
                .body("communication[0].preferred", equalTo(true))
                .body("contact[0].name.family", equalTo("Next"))
                .body("deceasedBoolean", equalTo(false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "[{\"op\":\"test\",\"path\":\"/gender\",\"value\":\"Zyx\"}] ~ INVALID_RESOURCE ~ operation[0].value",
                "[{\"op\":\"test\",\"path\":\"/active\",\"value\":true},{\"op\":\"remove\",\"path\":\"/photo\"}]"
                        + " ~ INVALID_RESOURCE ~ operation[1].path",
                "[{\"op\":\"add\",\"path\":\"/name/7\",\"value\":{}}] ~ INVALID_RESOURCE ~ operation[0].path",
                "[{\"op\":\"move\",\"from\":\"/name\",\"path\":\"/name/0\"}] ~ INVALID_RESOURCE ~ operation[0].path",
                "[{\"op\":\"fix\",\"path\":\"/name\"}] ~ MALFORMED_BODY ~ operation[0].op",
                "[{\"op\":\"add\",\"path\":\"name\",\"value\":1}] ~ MALFORMED_BODY ~ operation[0].path",
                "[{\"op\":\"add\",\"path\":\"/name\"}] ~ MALFORMED_BODY ~ operation[0].value",
                "[{\"op\":\"replace\",\"path\":\"/gender\",\"value\":\"Zyx\"}] ~ MALFORMED_BODY ~ gender",
                "[{\"op\":\"replace\",\"path\":\"/id\",\"value\":\"Zyx\"}] ~ MALFORMED_BODY ~ Patient.id",
                "[{\"op\":\"add\",\"path\":\"/link\",\"value\":[{\"type\":\"seealso\"}]}] ~ INVALID_RESOURCE ~ Patient.link[0].other"
            })
    void refusesWhatDoesNotFitAndChangesNothing(String body, ProblemCode code, String expression) {
        // When
        Response answer = patch(JSON_PATCH, body);
        // Then
        problem(answer, code);
        assertThat(answer.<String>path("issue[0].expression[0]")).contains(expression);
        assertThat(answer.asString()).doesNotContain("Zyx");
        coordinator().get("/fhir/Patient/{id}", id).then().header("ETag", "W/\"1\"");
    }

    @Test
    void refusesFhirPathPatchThatDoesNotFit() {
        fails(operation("replace", "Patient.name", "", "\"valueString\":\"Zyx\""), ProblemCode.INVALID_RESOURCE);
        fails(operation("add", "Patient", "name:gender", "\"valueCode\":\"male\""), ProblemCode.INVALID_RESOURCE);
        fails(operation("add", "Patient", "name:colour", "\"valueCode\":\"Zyx\""), ProblemCode.INVALID_RESOURCE);
        fails(operation("replace", "Patient.gender", "", "\"valueCode\":\"Zyx\""), ProblemCode.INVALID_RESOURCE);
        fails(operation("replace", "Patient.(", "", "\"valueCode\":\"Zyx\""), ProblemCode.INVALID_RESOURCE);
        fails(
                operation("insert", "Patient.name", "index:5", "\"valueHumanName\":{\"text\":\"x\"}"),
                ProblemCode.INVALID_RESOURCE);
        fails(operation("mend", "Patient.name", "", ""), ProblemCode.MALFORMED_BODY);
        coordinator().get("/fhir/Patient/{id}", id).then().header("ETag", "W/\"1\"");
    }

    private void fails(String operation, ProblemCode code) {
        Response answer = patch(FHIR, parameters(operation));
        problem(answer, code);
        assertThat(answer.<String>path("issue[0].expression[0]")).startsWith("operation[0].");
        assertThat(answer.asString()).doesNotContain("Zyx");
    }

    @Test
    void aPatchThatChangesNothingKeepsTheVersion() {
        patch(MERGE_PATCH, "{\"gender\":\"female\"}").then().statusCode(200).header("ETag", "W/\"1\"");
    }

    @Test
    void honoursIfMatchAndPrefer() {
        problem(
                coordinator()
                        .contentType(JSON_PATCH)
                        .header("If-Match", "W/\"7\"")
                        .body("[{\"op\":\"test\",\"path\":\"/gender\",\"value\":\"male\"}]")
                        .patch("/fhir/Patient/{id}", id),
                ProblemCode.VERSION_CONFLICT);
        coordinator()
                .contentType(MERGE_PATCH)
                .header("If-Match", "W/\"1\"")
                .header("Prefer", "return=minimal")
                .body("{\"gender\":\"male\"}")
                .patch("/fhir/Patient/{id}", id)
                .then()
                .statusCode(200)
                .header("ETag", "W/\"2\"")
                .body(equalTo(""));
        problem(
                coordinator().contentType(MERGE_PATCH).body("{}").patch("/fhir/Patient/none"),
                ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                coordinator().contentType("text/plain").body("x").patch("/fhir/Patient/{id}", id),
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
        problem(
                Fhir.as(Tokens.supervisor()).contentType(MERGE_PATCH).body("{}").patch("/fhir/Patient/{id}", id),
                ProblemCode.FORBIDDEN);
    }

    @Test
    void conditionalPatchFindsItsTarget() {
        // When
        coordinator()
                .contentType(MERGE_PATCH)
                .body("{\"gender\":\"other\"}")
                .patch("/fhir/Patient?identifier=" + mark)
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("gender", equalTo("other"));
        // Then
        problem(
                coordinator().contentType(MERGE_PATCH).body("{}").patch("/fhir/Patient?identifier=none-" + mark),
                ProblemCode.RESOURCE_NOT_FOUND);
        create(patient("male", mark, ""));
        problem(
                coordinator().contentType(MERGE_PATCH).body("{}").patch("/fhir/Patient?identifier=" + mark),
                ProblemCode.MULTIPLE_MATCHES);
    }

    @Test
    void patchesWithinTransaction() {
        // Given
        String group = create("{\"resourceType\":\"Group\",\"type\":\"person\",\"actual\":true}");
        String binary = "{\"resourceType\":\"Binary\",\"contentType\":\"application/json-patch+json\",\"data\":\""
                + Base64.getEncoder()
                        .encodeToString("[{\"op\":\"replace\",\"path\":\"/gender\",\"value\":\"male\"}]"
                                .getBytes(StandardCharsets.UTF_8))
                + "\"}";
        String entity =
                operation("add", "Group", "name:managingEntity", "\"valueReference\":{\"reference\":\"urn:uuid:x\"}");
        // When
        Response answer = coordinator()
                .header("Prefer", "return=representation")
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                        + "{\"request\":{\"method\":\"PATCH\",\"url\":\"Patient/" + id + "\"},\"resource\":" + binary
                        + "},"
                        + "{\"request\":{\"method\":\"PATCH\",\"url\":\"Group/" + group + "\"},\"resource\":"
                        + parameters(entity) + "},"
                        + "{\"fullUrl\":\"urn:uuid:x\",\"request\":{\"method\":\"POST\",\"url\":\"RelatedPerson\"},\"resource\":"
                        + "{\"resourceType\":\"RelatedPerson\",\"patient\":{\"reference\":\"Patient/" + id + "\"}}}]}")
                .post("/fhir");
        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        answer.then()
                .body("entry[0].response.status", equalTo("200 OK"))
                .body("entry[0].resource.gender", equalTo("male"))
                .body("entry[2].resource.resourceType", equalTo("RelatedPerson"));
        assertThat(answer.<String>path("entry[1].resource.managingEntity.reference"))
                .isEqualTo("RelatedPerson/" + answer.path("entry[2].resource.id"));
    }

    private Response patch(String mediaType, String body) {
        return coordinator().contentType(mediaType).body(body).patch("/fhir/Patient/{id}", id);
    }

    private static String parameters(String... operations) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[" + String.join(",", operations) + "]}";
    }

    /** {@code more} are parts such as {@code name:gender} or {@code index:1}; {@code value} is the inside of the value part. */
    private static String operation(String type, String path, String more, String value) {
        StringBuilder parts = new StringBuilder("{\"name\":\"type\",\"valueCode\":\"" + type
                + "\"},{\"name\":\"path\",\"valueString\":\"" + path + "\"}");
        for (String part : more.isEmpty() ? new String[0] : more.split(",")) {
            String[] pair = part.split(":");
            parts.append(",{\"name\":\"" + pair[0] + "\","
                    + (pair[0].equals("name") ? "\"valueString\":\"" + pair[1] + "\"" : "\"valueInteger\":" + pair[1])
                    + "}");
        }
        if (!value.isEmpty()) {
            parts.append(",{\"name\":\"value\"," + value + "}");
        }
        return "{\"name\":\"operation\",\"part\":[" + parts + "]}";
    }
}
