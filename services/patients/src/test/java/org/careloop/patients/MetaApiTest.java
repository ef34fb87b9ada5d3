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
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/resource-operations.html">FHIR R4 operations of every resource</a> */
@QuarkusTest
class MetaApiTest {

    private final String tag = mark();

    @Test
    void labelsAreAddedOnceAndRemoved() {
        // Given
        String id = create(patient("female"));
        String url = "/fhir/Patient/" + id;
        // When
        plain().body(meta())
                .post(url + "/$meta-add")
                .then()
                .statusCode(200)
                .header("ETag", "W/\"2\"")
                .body("parameter[0].valueMeta.tag[0].code", equalTo(tag))
                .body("parameter[0].valueMeta.versionId", equalTo("2"));
        plain().body(meta()).post(url + "/$meta-add").then().statusCode(200).header("ETag", "W/\"2\"");
        // Then
        plain().get(url + "/$meta").then().statusCode(200).body("parameter[0].valueMeta.tag.size()", equalTo(1));
        assertThat(found("Patient?_tag=urn:x%7C" + tag)).containsExactly(id);
        // When
        plain().body(meta()).post(url + "/$meta-delete").then().statusCode(200).header("ETag", "W/\"3\"");
        // Then
        plain().get(url + "/$meta").then().statusCode(200).body("parameter[0].valueMeta.tag", equalTo(null));
        assertThat(found("Patient?_tag=urn:x%7C" + tag)).isEmpty();
    }

    /** A message tells the whole of a fact, and knows nothing of what people restrict. */
    @Test
    void aLabelIsLiftedByAPersonNotByWhatAServiceWasTold() {
        // Given
        String patient = create(patient("female"));
        String id = create(condition(patient, ""));
        String labelled =
                "\"meta\":{\"security\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\","
                        + "\"code\":\"R\"}]},\"id\":\"" + id + "\",";
        put(coordinator(), id, condition(patient, labelled)).body("meta.security[0].code", equalTo("R"));
        // When
        put(Fhir.as(Tokens.service()), id, condition(patient, "\"id\":\"" + id + "\",\"recordedDate\":\"2026-03-07\","))
                .body("recordedDate", equalTo("2026-03-07"))
                .body("meta.security[0].code", equalTo("R"));
        // Then
        put(coordinator(), id, condition(patient, "\"id\":\"" + id + "\",")).body("meta.security", equalTo(null));
    }

    private static ValidatableResponse put(RequestSpecification who, String id, String condition) {
        who.body(condition).put("/fhir/Condition/{id}", id).then().statusCode(200);
        return coordinator().get("/fhir/Condition/{id}", id).then().statusCode(200);
    }

    private static String condition(String patient, String more) {
        return "{" + more + "\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/" + patient
                + "\"},\"code\":{\"text\":\"asthma\"}}";
    }

    @Test
    void refusesWhatAnUpdateWouldBeRefused() {
        String url = "/fhir/Patient/" + create(patient("female"));
        problem(
                plain().header("If-Match", "W/\"9\"").body(meta()).post(url + "/$meta-add"),
                ProblemCode.VERSION_CONFLICT);
        problem(plain().body("{\"resourceType\":\"Parameters\"}").post(url + "/$meta-add"), ProblemCode.MALFORMED_BODY);
        problem(plain().body(meta()).post("/fhir/Patient/none/$meta-add"), ProblemCode.RESOURCE_NOT_FOUND);
        problem(
                Fhir.as(Tokens.supervisor())
                        .urlEncodingEnabled(false)
                        .body(meta())
                        .post(url + "/$meta-add"),
                ProblemCode.FORBIDDEN);
        problem(plain().get("/fhir/Patient/none/$meta"), ProblemCode.RESOURCE_NOT_FOUND);
    }

    /** Leaves the dollar sign as clients send it. */
    private static RequestSpecification plain() {
        return coordinator().urlEncodingEnabled(false);
    }

    private String meta() {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":{\"tag\":[{\"system\":\"urn:x\","
                + "\"code\":\"" + tag + "\"}]}}]}";
    }
}
