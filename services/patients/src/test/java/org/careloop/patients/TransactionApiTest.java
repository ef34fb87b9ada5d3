package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.found;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/http.html#transaction">FHIR R4 transaction</a> */
@QuarkusTest
class TransactionApiTest {

    private final String mark = UUID.randomUUID().toString();
    private final String urn = "urn:uuid:" + UUID.randomUUID();

    @Test
    void linksBetweenEntriesPointToWhereTheyEndUp() {
        // When
        Response answer = run(
                entry("urn:uuid:" + UUID.randomUUID(), "POST", "Condition", "", condition(urn)),
                entry(urn, "POST", "Patient", "", patient()));
        // Then
        answer.then()
                .statusCode(200)
                .body("type", equalTo("transaction-response"))
                .body("entry[0].response.status", startsWith("201"))
                .body("entry[0].response.location", startsWith("Condition/"))
                .body("entry[1].response.etag", equalTo("W/\"1\""));
        String patient = found("Patient?identifier=" + mark).getFirst();
        assertThat(answer.<String>path("entry[1].response.location")).isEqualTo("Patient/" + patient + "/_history/1");
        assertThat(found("Condition?subject=Patient/" + patient)).hasSize(1);
    }

    @Test
    void whenOneEntryFailsNothingHappens() {
        // Given
        String kept = create(patient());
        // When
        Response answer = run(
                entry(urn, "POST", "Patient", "", patient()),
                entry("", "DELETE", "Patient/" + kept, "", ""),
                entry("", "POST", "Observation", "", "{\"resourceType\":\"Observation\"}"));
        // Then
        problem(answer, ProblemCode.INVALID_RESOURCE);
        assertThat(found("Patient?identifier=" + mark)).containsExactly(kept);
        coordinator().get("/fhir/Patient/{id}", kept).then().statusCode(200).header("ETag", "W/\"1\"");
    }

    @Test
    void aConditionalCreateInsideFindsWhatIsThere() {
        // Given
        String there = create(patient());
        // When
        Response answer = run(
                entry(urn, "POST", "Patient", "identifier=" + mark, patient()),
                entry("", "POST", "Condition", "", condition(urn)));
        // Then
        answer.then()
                .statusCode(200)
                .body("entry[0].response.status", startsWith("200"))
                .body("entry[0].response.location", equalTo("Patient/" + there + "/_history/1"));
        assertThat(found("Patient?identifier=" + mark)).containsExactly(there);
        assertThat(found("Condition?subject=Patient/" + there)).hasSize(1);
    }

    @Test
    void refusesOneResourceOrOneCriterionTwice() {
        // Given
        String there = create(patient());
        String named = patient().replaceFirst("\\{", "{\"id\":\"" + there + "\",");
        // When
        Response twice =
                run(entry("", "PUT", "Patient/" + there, "", named), entry("", "DELETE", "Patient/" + there, "", ""));
        String other = "identifier=other-" + mark;
        Response criteria =
                run(entry("", "POST", "Patient", other, patient()), entry("", "POST", "Patient", other, patient()));
        // Then
        problem(twice, ProblemCode.RULE_VIOLATED);
        problem(criteria, ProblemCode.RULE_VIOLATED);
        assertThat(found("Patient?identifier=" + mark)).containsExactly(there);
    }

    @Test
    void conditionalUpdateAndDeletionFindTheirTarget() {
        // Given
        String there = create(patient());
        // When
        run(entry("", "PUT", "Patient?identifier=" + mark, "", patient().replace("female", "male")))
                .then()
                .statusCode(200)
                .body("entry[0].response.etag", equalTo("W/\"2\""));
        // Then
        coordinator().get("/fhir/Patient/{id}", there).then().body("gender", equalTo("male"));
        // When
        run(entry("", "DELETE", "Patient?identifier=" + mark, "", "")).then().statusCode(200);
        // Then
        problem(coordinator().get("/fhir/Patient/{id}", there), ProblemCode.RESOURCE_GONE);
    }

    @Test
    void aLongTransactionIsOneTransaction() {
        // When
        Response answer = run(Collections.nCopies(1000, entry("", "POST", "Patient", "", patient()))
                .toArray(String[]::new));
        // Then
        answer.then().statusCode(200).body("entry.size()", equalTo(1000));
        Fhir.search(Tokens.coordinator(), "Patient?_summary=count&identifier=" + mark)
                .then()
                .body("total", equalTo(1000));
    }

    @Test
    void refusesWhatItDoesNotDo() {
        problem(
                run(Collections.nCopies(2001, entry("", "POST", "Patient", "", patient()))
                        .toArray(String[]::new)),
                ProblemCode.TOO_COSTLY);
        problem(
                coordinator()
                        .body("{\"resourceType\":\"Bundle\",\"type\":\"batch\"}")
                        .post("/fhir"),
                ProblemCode.INVALID_RESOURCE);
        problem(coordinator().body(patient()).post("/fhir"), ProblemCode.MALFORMED_BODY);
        problem(run(entry("", "GET", "Patient/1", "", "")), ProblemCode.RULE_VIOLATED);
        problem(run(entry("", "POST", "Observation", "", patient())), ProblemCode.INVALID_RESOURCE);
        problem(run(entry("", "PUT", "Patient", "", patient())), ProblemCode.INVALID_RESOURCE);
        problem(run(entry("", "POST", "Task", "", "{\"resourceType\":\"Task\"}")), ProblemCode.UNKNOWN_TYPE);
        assertThat(found("Patient?identifier=" + mark)).isEmpty();
    }

    @Test
    void everyEntryIsAskedForAccess() {
        // When
        Response answer = Fhir.as(
                        Tokens.token("riverside-ehr", "coordinator", "riverside-clinic", "system/Patient.cruds"))
                .body(bundle(
                        entry(urn, "POST", "Patient", "", patient()),
                        entry("", "POST", "Condition", "", condition(urn))))
                .post("/fhir");
        // Then
        problem(answer, ProblemCode.FORBIDDEN);
        assertThat(found("Patient?identifier=" + mark)).isEmpty();
    }

    private String patient() {
        return "{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" + mark + "\"}],\"gender\":\"female\"}";
    }

    private static String condition(String subject) {
        return "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"" + subject + "\"}}";
    }

    private static Response run(String... entries) {
        return coordinator().body(bundle(entries)).post("/fhir");
    }

    private static String bundle(String... entries) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + String.join(",", List.of(entries))
                + "]}";
    }

    private static String entry(String fullUrl, String method, String url, String ifNoneExist, String resource) {
        return "{" + (fullUrl.isEmpty() ? "" : "\"fullUrl\":\"" + fullUrl + "\",")
                + (resource.isEmpty() ? "" : "\"resource\":" + resource + ",") + "\"request\":{\"method\":\"" + method
                + "\",\"url\":\"" + url + "\""
                + (ifNoneExist.isEmpty() ? "" : ",\"ifNoneExist\":\"" + ifNoneExist + "\"")
                + "}}";
    }
}
