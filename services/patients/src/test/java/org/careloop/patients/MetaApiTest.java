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
