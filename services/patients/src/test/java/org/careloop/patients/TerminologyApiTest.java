package org.careloop.patients;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.problem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see <a href="https://hl7.org/fhir/R4/terminology-service.html">FHIR R4 terminology service</a> */
@QuarkusTest
class TerminologyApiTest {

    private static final String GENDER = "http://hl7.org/fhir/administrative-gender";
    private static final String GENDERS = "http://hl7.org/fhir/ValueSet/administrative-gender";
    private static final String V3_ACT = "http://terminology.hl7.org/ValueSet/v3-ActCode";

    @Test
    void expandsInTheOrderOfTheDefinition() {
        // When
        JsonPath expanded = ok("ValueSet/$expand?url=" + GENDERS);
        // Then
        assertThat(expanded.getString("resourceType")).isEqualTo("ValueSet");
        assertThat(expanded.getInt("expansion.total")).isEqualTo(4);
        assertThat(expanded.getList("expansion.contains.code", String.class))
                .containsExactly("male", "female", "other", "unknown");
        assertThat(expanded.getList("expansion.contains.display", String.class))
                .containsExactly("Male", "Female", "Other", "Unknown");
        assertThat(expanded.getList("expansion.contains.system", String.class)).containsOnly(GENDER);
    }

    @Test
    void knowsThePlatformsOwnCodes() {
        assertThat(codes("url=https://careloop.org/fhir/ValueSet/referral-end-reason"))
                .startsWith("no-capacity", "not-eligible")
                .contains("no-answer");
        assertThat(codes("url=https://careloop.org/fhir/ValueSet/no-output-reason"))
                .containsExactly("documented-elsewhere", "nothing-to-report", "person-declined", "service-not-needed");
        assertThat(codes("url=https://careloop.org/fhir/ValueSet/coordination-task"))
                .containsExactly("resolve-barrier", "follow-up-late", "review-duplicate", "exchange-failed");
    }

    @Test
    void expandsWhatAFilterFindsByPages() {
        assertThat(codes("url=" + GENDERS + "&filter=MALE")).containsExactly("male", "female");
        assertThat(codes("url=" + GENDERS + "&offset=1&count=2")).containsExactly("female", "other");
        assertThat(codes("url=" + GENDERS + "%7C4.0.1&count=1")).containsExactly("male");
        JsonPath none = ok("ValueSet/$expand?url=" + GENDERS + "&count=0");
        assertThat(none.getInt("expansion.total")).isEqualTo(4);
        assertThat(none.getList("expansion.contains")).isNull();
        assertThat(codes("url=" + V3_ACT + "&filter=inpatient%20acute")).contains("ACUTE");
    }

    @Test
    void takesParametersInABodyToo() {
        // When
        Response answer = coordinator()
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"url\",\"valueUri\":\"" + GENDERS
                        + "\"},{\"name\":\"count\",\"valueInteger\":1}]}")
                .urlEncodingEnabled(false)
                .post("/fhir/ValueSet/$expand");
        // Then
        assertThat(answer.<List<String>>path("expansion.contains.code")).containsExactly("male");
    }

    @Test
    void tellsWhatCannotBeExpanded() {
        problem(ask("ValueSet/$expand"), ProblemCode.INVALID_PARAMETER);
        problem(ask("ValueSet/$expand?url=http://example.org/none"), ProblemCode.RESOURCE_NOT_FOUND);
        problem(ask("ValueSet/$expand?url=" + GENDERS + "&count=-1"), ProblemCode.INVALID_PARAMETER);
        problem(ask("ValueSet/$expand?url=" + GENDERS + "&colour=1"), ProblemCode.UNSUPPORTED_PARAMETER);
        problem(ask("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-codes"), ProblemCode.CODES_NOT_HELD);
        problem(ask("ValueSet/$expand?url=" + V3_ACT), ProblemCode.TOO_COSTLY);
        problem(ask("ValueSet/$none"), ProblemCode.UNKNOWN_TYPE);
        assertThat(get("/fhir/ValueSet/$expand").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "ValueSet url={s}&code=male&system={c} true",
                "ValueSet url={s}&code=male true",
                "ValueSet url={s}&code=male&system=urn:other false",
                "ValueSet url={s}&code=man&system={c} false",
                "ValueSet url={s}&code=male&system={c}&display=male true",
                "ValueSet url={s}&code=male&system={c}&display=Woman false",
                "CodeSystem url={c}&code=male true",
                "CodeSystem url={c}&code=man false",
                "CodeSystem url={c}&code=male&display=Woman false"
            })
    void judgesCodes(String type, String query, boolean result) {
        String url = query.replace("{s}", GENDERS).replace("{c}", GENDER);
        assertThat(ok(type + "/$validate-code?" + url)
                        .getBoolean("parameter.find { it.name == 'result' }.valueBoolean"))
                .isEqualTo(result);
    }

    @Test
    void judgesACodingAndACodeableConcept() {
        for (String value : List.of(
                "{\"name\":\"coding\",\"valueCoding\":{\"system\":\"" + GENDER + "\",\"code\":\"male\"}}",
                "{\"name\":\"codeableConcept\",\"valueCodeableConcept\":{\"coding\":[{\"system\":\"urn:x\",\"code\":\"y\"},"
                        + "{\"system\":\"" + GENDER + "\",\"code\":\"male\"}]}}")) {
            JsonPath answer = coordinator()
                    .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"url\",\"valueUri\":\"" + GENDERS
                            + "\"}," + value + "]}")
                    .urlEncodingEnabled(false)
                    .post("/fhir/ValueSet/$validate-code")
                    .jsonPath();
            assertThat(answer.getBoolean("parameter.find { it.name == 'result' }.valueBoolean"))
                    .isTrue();
            assertThat(answer.getString("parameter.find { it.name == 'display' }.valueString"))
                    .isEqualTo("Male");
        }
    }

    @Test
    void tellsWhatACodeMeans() {
        // When
        JsonPath found = ok("CodeSystem/$lookup?system=" + GENDER + "&code=female");
        // Then
        assertThat(found.getString("parameter.find { it.name == 'name' }.valueString"))
                .isEqualTo("AdministrativeGender");
        assertThat(found.getString("parameter.find { it.name == 'version' }.valueString"))
                .isEqualTo("4.0.1");
        assertThat(found.getString("parameter.find { it.name == 'display' }.valueString"))
                .isEqualTo("Female");
        problem(ask("CodeSystem/$lookup?system=" + GENDER + "&code=none"), ProblemCode.RESOURCE_NOT_FOUND);
        problem(ask("CodeSystem/$lookup?system=urn:none&code=none"), ProblemCode.RESOURCE_NOT_FOUND);
        problem(ask("CodeSystem/$lookup?code=none"), ProblemCode.INVALID_PARAMETER);
        problem(ask("CodeSystem/$validate-code?url=urn:none&code=a"), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void listsTheCodeSystemsThatAreHeld() {
        // When
        JsonPath statement = get("/fhir/metadata?mode=terminology").jsonPath();
        // Then
        assertThat(statement.getString("resourceType")).isEqualTo("TerminologyCapabilities");
        assertThat(statement.getList("codeSystem.uri", String.class))
                .contains(GENDER)
                .doesNotHaveDuplicates();
        assertThat(get("/fhir/metadata?mode=full").jsonPath().getString("resourceType"))
                .isEqualTo("CapabilityStatement");
        problem(get("/fhir/metadata?mode=none"), ProblemCode.INVALID_PARAMETER);
    }

    private static List<String> codes(String query) {
        return ok("ValueSet/$expand?" + query).getList("expansion.contains.code", String.class);
    }

    private static JsonPath ok(String url) {
        Response answer = ask(url);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath();
    }

    private static Response ask(String url) {
        return coordinator().urlEncodingEnabled(false).get("/fhir/" + url);
    }
}
