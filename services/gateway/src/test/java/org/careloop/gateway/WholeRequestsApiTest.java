package org.careloop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.Fhir;
import org.careloop.testkit.TokenTrust;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the gateway holds whole: other formats than services speak, batches, histories of several services.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#mime-type">FHIR R4 content types</a>
 */
@QuarkusTest
@QuarkusTestResource(TokenTrust.class)
@QuarkusTestResource(FakeServices.class)
class WholeRequestsApiTest {

    private static final String PATIENT = "{\"resourceType\":\"Patient\",\"id\":\"1\",\"gender\":\"female\"}";
    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"1\"/><gender value=\"female\"/></Patient>";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/fhir+xml | ",
                "application/fhir+json;q=0.5, application/xml | ",
                "text/html, application/fhir+xml;fhirVersion=4.0 | ",
                "application/fhir+json | xml",
                "application/fhir+json | application/fhir%2Bxml",
                "*/* | application/fhir+xml"
            })
    void answersInXmlWhereItIsWanted(String accept, String format) {
        // When
        Response answer = Fhir.coordinator()
                .urlEncodingEnabled(false)
                .accept(accept)
                .body(PATIENT)
                .put("/fhir/Patient/1" + (format == null ? "" : "?_format=" + format));
        // Then
        answer.then()
                .statusCode(200)
                .contentType(startsWith("application/fhir+xml"))
                .header("ETag", "W/\"7\"")
                .header("Seen-Service", equalTo(null));
        answer.then().body("Patient.gender.@value", equalTo("female")).body("Patient.id.@value", equalTo("1"));
    }

    @Test
    void takesXmlAndSendsJsonToTheService() {
        // When
        Response answer = xml().body(XML).accept("application/fhir+json").put("/fhir/Patient/1");
        // Then
        answer.then().statusCode(200).contentType(startsWith("application/fhir+json"));
        assertThat(answer.asString()).isEqualTo(PATIENT);
    }

    @Test
    void indentsJsonWhereItIsWanted() {
        assertThat(Fhir.coordinator()
                        .body("{\"value\":1.500}")
                        .put("/fhir/Patient/1?_pretty=true")
                        .asString())
                .isEqualTo("{\n  \"value\" : 1.500\n}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<!DOCTYPE Patient [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                        + "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&x;\"/></Patient>",
                "<!DOCTYPE Patient><Patient xmlns=\"http://hl7.org/fhir\"/>",
                "<Patient xmlns=\"http://hl7.org/fhir\"><colour value=\"Zyx\"/></Patient>",
                "<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"Zyx\"/></Patient>",
                "<Patient",
                "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Patient xmlns=\"http://hl7.org/fhir\"/>"
            })
    void refusesXmlThatIsUnsafeOrNoFhir(String body) {
        // Given
        int before = FakeServices.requests();
        // When
        Response answer = xml().body(body).accept("application/fhir+xml").post("/fhir/Patient");
        // Then
        answer.then()
                .statusCode(ProblemCode.MALFORMED_BODY.status())
                .contentType(startsWith("application/fhir+xml"))
                .body("OperationOutcome.issue.details.coding.code.@value", equalTo("1001"));
        assertThat(answer.asString()).doesNotContain("Zyx").doesNotContain("root:");
        assertThat(FakeServices.requests()).isEqualTo(before);
    }

    @Test
    void refusesXmlThatIsTooDeep() {
        String body = "<Patient xmlns=\"http://hl7.org/fhir\">" + "<extension url=\"x\">".repeat(300)
                + "</extension>".repeat(300) + "</Patient>";
        Fhir.problem(xml().body(body).post("/fhir/Patient"), ProblemCode.MALFORMED_BODY);
    }

    @Test
    void refusesFormatsAndCharsetsThatAreNotOffered() {
        Fhir.problem(Fhir.coordinator().accept("text/turtle").get("/fhir/Patient/1"), ProblemCode.NOT_ACCEPTABLE);
        Fhir.problem(
                Fhir.coordinator()
                        .accept("application/fhir+json;fhirVersion=5.0")
                        .get("/fhir/Patient/1"),
                ProblemCode.NOT_ACCEPTABLE);
        Fhir.problem(Fhir.coordinator().get("/fhir/Patient/1?_format=ttl"), ProblemCode.NOT_ACCEPTABLE);
        Fhir.problem(
                given().auth()
                        .oauth2(Tokens.coordinator())
                        .header("Content-Type", "application/fhir+json; charset=ISO-8859-1")
                        .body(PATIENT.getBytes())
                        .post("/fhir/Patient"),
                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void tellsFailuresInTheWantedFormat() {
        given().accept("application/fhir+xml")
                .get("/fhir/Patient/1")
                .then()
                .statusCode(401)
                .contentType(startsWith("application/fhir+xml"))
                .body(containsString("<OperationOutcome"));
        Fhir.coordinator()
                .accept("application/fhir+xml")
                .get("/fhir/Claim/1")
                .then()
                .statusCode(404)
                .body(containsString("<OperationOutcome"));
        Fhir.coordinator()
                .accept("application/fhir+xml")
                .get("/fhir/Patient/gone")
                .then()
                .statusCode(410)
                .body(containsString("<OperationOutcome"));
        given().accept("application/fhir+xml")
                .get("/fhir/metadata")
                .then()
                .statusCode(200)
                .body(containsString("<CapabilityStatement"));
    }

    @Test
    void runsTheEntriesOfABatchEachByItself() {
        // When
        Response answer = Fhir.coordinator().body("""
                {"resourceType":"Bundle","type":"batch","entry":[
                 {"request":{"method":"GET","url":"Patient/gone"}},
                 {"request":{"method":"PUT","url":"Patient/1","ifMatch":"W/\\"6\\""},
                  "resource":{"resourceType":"Patient","id":"1","gender":"male"}},
                 {"request":{"method":"POST","url":"Task","ifNoneExist":"identifier=a|b"},
                  "resource":{"resourceType":"Task","status":"draft","intent":"order"}},
                 {"request":{"method":"DELETE","url":"Claim/1"}},
                 {"resource":{"resourceType":"Patient"}},
                 {"request":{"method":"GET","url":"Goal/../../federation"}},
                 {"request":{"method":"PATCH","url":"Patient/1"},"resource":{"resourceType":"Parameters","id":"p"}},
                 {"request":{"method":"GET","url":"_history?_count=1"}}]}""").post("/fhir");
        // Then
        answer.then()
                .statusCode(200)
                .body("type", equalTo("batch-response"))
                .body("entry.size()", equalTo(8))
                .body("entry[0].response.status", equalTo("410 Gone"))
                .body("entry[0].response.outcome.issue[0].code", equalTo("deleted"))
                .body("entry[1].response.status", equalTo("200 OK"))
                .body("entry[1].response.etag", equalTo("W/\"7\""))
                .body("entry[1].response.lastModified", equalTo("2026-03-07T20:00:00Z"))
                .body("entry[1].resource.gender", equalTo("male"))
                .body("entry[2].response.status", equalTo("201 Created"))
                .body("entry[2].response.location", equalTo("http://localhost:8080/fhir/Patient/1/_history/7"))
                .body("entry[3].response.status", equalTo("404 Not Found"))
                .body("entry[4].response.status", startsWith("422"))
                .body("entry[4].response.outcome.issue[0].expression[0]", equalTo("Bundle.entry[4].request"))
                .body("entry[5].response.status", equalTo("404 Not Found"))
                .body("entry[6].resource.resourceType", equalTo("Parameters"))
                .body("entry[7].resource.type", equalTo("history"));
    }

    @Test
    void refusesBundlesOfOtherTypesAndTooLongBatches() {
        String entry = "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/1\"}}";
        Fhir.problem(
                Fhir.coordinator()
                        .body("{\"resourceType\":\"Bundle\",\"type\":\"collection\"}")
                        .post("/fhir"),
                ProblemCode.INVALID_RESOURCE);
        Fhir.problem(
                Fhir.coordinator()
                        .body("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + (entry + ",").repeat(500)
                                + entry + "]}")
                        .post("/fhir"),
                ProblemCode.TOO_COSTLY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fhir/_history?_count=5", "/fhir/Provenance/_history?_count=5"})
    void mergesHistoriesByTime(String url) {
        // When
        List<String> told = new ArrayList<>();
        String next = url;
        while (next != null) {
            Response page = Fhir.coordinator().urlEncodingEnabled(false).get(next);
            assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
            assertThat(page.<String>path("type")).isEqualTo("history");
            told.addAll(page.path("entry.fullUrl"));
            String link = page.path("link.find { it.relation == 'next' }?.url");
            next = link == null ? null : link.substring(link.indexOf("/fhir/"));
        }
        // Then
        assertThat(told)
                .containsExactly(
                        "transitions/3",
                        "referrals/3",
                        "care-plans/3",
                        "patients/3",
                        "transitions/2",
                        "referrals/2",
                        "care-plans/2",
                        "patients/2",
                        "transitions/1",
                        "referrals/1",
                        "care-plans/1",
                        "patients/1");
    }

    @Test
    void letsConfiguredOriginsAloneCallFromABrowser() {
        given().header("Origin", "https://app.example.org")
                .header("Access-Control-Request-Method", "PUT")
                .options("/fhir/Patient/1")
                .then()
                .statusCode(204)
                .header("Access-Control-Allow-Origin", "https://app.example.org")
                .header("Access-Control-Allow-Methods", containsString("PATCH"));
        Fhir.coordinator()
                .header("Origin", "https://app.example.org")
                .get("/fhir/Patient/1")
                .then()
                .statusCode(200)
                .header("Access-Control-Expose-Headers", containsString("ETag"));
        Fhir.coordinator()
                .header("Origin", "https://elsewhere.example.org")
                .get("/fhir/Patient/1")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", equalTo(null));
        given().options("/fhir/Patient/1").then().statusCode(204).header("Allow", containsString("PATCH"));
    }

    @Test
    void answersHead() {
        Fhir.coordinator().head("/fhir/Patient?name=x").then().statusCode(200).header("Seen-Method", "HEAD");
        Fhir.coordinator().head("/fhir/_history").then().statusCode(200);
        given().head("/fhir/metadata").then().statusCode(200);
    }

    private static RequestSpecification xml() {
        return given().auth().oauth2(Tokens.coordinator()).contentType("application/fhir+xml;charset=UTF-8");
    }
}
