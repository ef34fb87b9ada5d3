package org.careloop.patients;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4 RESTful API</a> */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "patients"))
class ResourceInteractionsApiTest {

    @Test
    void createdPatientIsReadWithItsVersion() {
        // When
        String location = coordinator()
                .body("{\"resourceType\":\"Patient\",\"gender\":\"female\"}")
                .post("/fhir/Patient")
                .then()
                .statusCode(201)
                .header("ETag", "W/\"1\"")
                .header("Location", matchesPattern("http://localhost:8080/fhir/Patient/[^/]+/_history/1"))
                .extract()
                .path("id");
        // Then
        coordinator()
                .get("/fhir/Patient/{id}", location)
                .then()
                .statusCode(200)
                .header("ETag", "W/\"1\"")
                .body("gender", equalTo("female"))
                .body("meta.versionId", equalTo("1"))
                .body("meta.lastUpdated", notNullValue());
    }

    private static RequestSpecification coordinator() {
        return given().auth().oauth2(Tokens.coordinator()).contentType("application/fhir+json");
    }
}
