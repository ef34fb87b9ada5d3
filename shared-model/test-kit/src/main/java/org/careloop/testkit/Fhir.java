package org.careloop.testkit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.Outcomes;
import org.careloop.fhirmodel.ProblemCode;

/** FHIR over HTTP against the service under test, in the words of its tests. */
public final class Fhir {

    private Fhir() {}

    /** A request with {@code token} and FHIR JSON as content type. */
    public static RequestSpecification as(String token) {
        return given().auth().oauth2(token).contentType(FhirJson.MEDIA_TYPE + ";charset=UTF-8");
    }

    /** A request of the coordinator, who may do everything. */
    public static RequestSpecification coordinator() {
        return as(Tokens.coordinator());
    }

    /** Creates the resource as coordinator and returns its id. */
    public static String create(String json) {
        Response answer =
                coordinator().body(json).post("/fhir/" + JsonPath.from(json).getString("resourceType"));
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
        return answer.path("id");
    }

    /** Searches; {@code url} is what follows {@code /fhir/}, encoded. */
    public static Response search(String token, String url) {
        Response answer = as(token).urlEncodingEnabled(false).get("/fhir/" + url);
        assertThat(answer.statusCode()).as("%s: %s", url, answer.asString()).isEqualTo(200);
        return answer;
    }

    /** Returns the ids that the coordinator finds as matches, in the order of the page. */
    public static List<String> found(String url) {
        return matches(search(Tokens.coordinator(), url));
    }

    /** Returns the ids of the matches of a searchset. */
    public static List<String> matches(Response searchset) {
        return searchset.path("entry.findAll { it.search.mode == 'match' }.resource.id") instanceof List<?> ids
                ? ids.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Returns {@code Type/id} of what a searchset includes. */
    public static List<String> included(Response searchset) {
        return searchset.path(
                                "entry.findAll { it.search.mode == 'include' }.collect { it.resource.resourceType + '/' + it.resource.id }")
                        instanceof List<?> keys
                ? keys.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Holds when {@code answer} is an OperationOutcome that tells {@code code}; returns its first text. */
    public static String problem(Response answer, ProblemCode code) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(code.status());
        assertThat(answer.contentType()).startsWith(FhirJson.MEDIA_TYPE);
        JsonPath outcome = answer.jsonPath();
        assertThat(outcome.getString("resourceType")).isEqualTo("OperationOutcome");
        assertThat(outcome.getString("issue[0].severity")).isEqualTo("error");
        assertThat(outcome.getString("issue[0].code"))
                .isEqualTo(code.issueType().toCode());
        assertThat(outcome.getString("issue[0].details.coding[0].system")).isEqualTo(Outcomes.PROBLEM_SYSTEM);
        assertThat(outcome.getString("issue[0].details.coding[0].code")).isEqualTo(Integer.toString(code.number()));
        return outcome.getString("issue[0].diagnostics");
    }
}
