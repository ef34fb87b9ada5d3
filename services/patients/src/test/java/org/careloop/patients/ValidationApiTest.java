package org.careloop.patients;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.Persons.mark;
import static org.careloop.testkit.Fhir.as;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.create;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.careloop.calleraccess.PlatformSignature;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.PublishedPackages;
import org.careloop.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/resource-operation-validate.html">FHIR R4 $validate</a> */
@QuarkusTest
@QuarkusTestResource(PublishedPackages.class)
class ValidationApiTest {

    @Inject
    PlatformSignature signature;

    private static final String US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    private static final String US_CORE_7 = US_CORE + "|7.0.0";
    private static final String IDENTIFIER =
            "\"identifier\":[{\"system\":\"http://example.org/mrn\",\"value\":\"v1\"}]";
    private static final String GOOD = IDENTIFIER + ",\"name\":[{\"family\":\"Lovelace\"}],\"gender\":\"female\"";

    @Test
    void refusesWhatBreaksAClaimedProfileWithAllErrors() {
        PublishedPackages.require();
        // When
        Response answer = coordinator()
                .body(patient(US_CORE + "|7.0.0", "\"name\":[{\"use\":\"official\"}],\"telecom\":[{\"value\":\"1\"}]"))
                .post("/fhir/Patient");
        // Then
        problem(answer, ProblemCode.INVALID_RESOURCE);
        assertThat(answer.<List<String>>path("issue.diagnostics"))
                .anyMatch(text -> text.contains("Patient.identifier: minimum required = 1"))
                .anyMatch(text -> text.contains("Patient.gender: minimum required = 1"))
                .anyMatch(text -> text.contains("breaks cpt-2"));
        assertThat(answer.<List<List<String>>>path("issue.expression")).doesNotContainNull();
    }

    @Test
    void storesWhatKeepsAClaimedProfile() {
        PublishedPackages.require();
        // When
        String id = create(patient(US_CORE, GOOD));
        // Then
        coordinator()
                .body(patient(US_CORE, GOOD).replace("{\"resourceType\"", "{\"id\":\"" + id + "\",\"resourceType\""))
                .put("/fhir/Patient/{id}", id)
                .then()
                .statusCode(200);
    }

    @Test
    void storesWhatClaimsAProfileThatIsNotInstalled() {
        create(patient("http://example.org/StructureDefinition/unknown", "\"active\":true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"decide", "prepare?decider=referrals"})
    void refusesItInAPartOfALargerTransactionToo(String step) {
        PublishedPackages.require();
        // Given
        String id = UUID.randomUUID().toString();
        String part =
                "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"id\":\"4\",\"fullUrl\":\"Patient/"
                        + id + "\",\"resource\":" + patient(US_CORE, "\"active\":true")
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}]}";
        // When
        Response answer = coordinator()
                .header(
                        PlatformSignature.HEADER,
                        signature.sign(
                                PlatformSignature.SPANNING_TRANSACTION,
                                PlatformSignature.content(id, part.getBytes(StandardCharsets.UTF_8))))
                .body(part)
                .post("/federation/transactions/" + id + "/" + step);
        // Then
        problem(answer, ProblemCode.INVALID_RESOURCE);
        assertThat(answer.<List<List<String>>>path("issue.expression"))
                .allSatisfy(paths -> assertThat(paths).allMatch(path -> path.startsWith("Bundle.entry[4].resource")));
        coordinator().get("/fhir/Patient/{id}", id).then().statusCode(404);
    }

    @Test
    void tellsTheEntryOfATransaction() {
        PublishedPackages.require();
        // When
        Response answer = coordinator()
                .body("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":"
                        + patient(US_CORE, GOOD)
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}},{\"resource\":"
                        + patient(US_CORE, "\"active\":true")
                        + ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}]}")
                .post("/fhir");
        // Then
        problem(answer, ProblemCode.INVALID_RESOURCE);
        answer.then().body("issue.expression.flatten()", hasItem("Bundle.entry[1].resource"));
    }

    @Test
    void tellsTheStructureFaultsOfAllEntriesTogether() {
        // When
        Response answer = coordinator().body("""
                {"resourceType":"Bundle","type":"transaction","entry":[
                {"resource":{"resourceType":"Observation","status":"final"},"request":{"method":"POST","url":"Observation"}},
                {"resource":{"resourceType":"Patient","contact":[{"gender":"male"}]},
                 "request":{"method":"POST","url":"Patient"}}]}""").post("/fhir");
        // Then
        problem(answer, ProblemCode.INVALID_RESOURCE);
        answer.then()
                .body(
                        "issue.expression.flatten()",
                        hasItems("Bundle.entry[0].resource.code", "Bundle.entry[1].resource.contact[0]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\0', textBlock = """
            application/json-patch+json ; [{"op":"remove","path":"/gender"}]
            application/merge-patch+json; {"gender":null}
            application/fhir+json       ; {"resourceType":"Parameters","parameter":[{"name":"operation","part":[\
            {"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.gender"}]}]}""")
    void refusesAPatchWhoseResultBreaksAClaimedProfile(String contentType, String patch) {
        PublishedPackages.require();
        // Given
        String id = create(patient(US_CORE_7, GOOD));
        // When
        Response answer = coordinator().contentType(contentType).body(patch).patch("/fhir/Patient/{id}", id);
        // Then
        requireNoGender(answer);
        coordinator()
                .get("/fhir/Patient/{id}", id)
                .then()
                .header("ETag", "W/\"1\"")
                .body("gender", equalTo("female"));
    }

    @Test
    void refusesItInAConditionalPatchAndInATransactionToo() {
        PublishedPackages.require();
        // Given
        String mark = mark();
        String id = create(patient(US_CORE_7, GOOD.replace("v1", mark)));
        String patch = "[{\"op\":\"remove\",\"path\":\"/gender\"}]";
        // Then
        requireNoGender(coordinator()
                .contentType("application/json-patch+json")
                .body(patch)
                .patch("/fhir/Patient?identifier=" + mark));
        for (String url : List.of("Patient/" + id, "Patient?identifier=" + mark)) {
            requireNoGender(coordinator().body(patching(url, patch)).post("/fhir"));
        }
        coordinator().get("/fhir/Patient/{id}", id).then().header("ETag", "W/\"1\"");
    }

    @Test
    void refusesAConditionalUpdateThatBreaksAClaimedProfile() {
        PublishedPackages.require();
        // When
        Response answer = coordinator()
                .body(patient(US_CORE_7, GOOD.replace(",\"gender\":\"female\"", "")))
                .put("/fhir/Patient?identifier=" + mark());
        // Then
        requireNoGender(answer);
    }

    @Test
    void refusesToClaimAProfileThatIsNotKept() {
        PublishedPackages.require();
        // Given
        String id = create("{\"resourceType\":\"Patient\",\"active\":true}");
        // When
        Response answer = coordinator()
                .body(
                        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":{\"profile\":[\""
                                + US_CORE_7 + "\"]}}]}")
                .urlEncodingEnabled(false)
                .post("/fhir/Patient/" + id + "/$meta-add");
        // Then
        requireNoGender(answer);
    }

    @Test
    void takesAPatchWhoseResultKeepsTheClaimedProfile() {
        PublishedPackages.require();
        // Given
        String id = create(patient(US_CORE_7, GOOD));
        // When
        Response answer = coordinator()
                .contentType("application/merge-patch+json")
                .body("{\"gender\":\"other\"}")
                .patch("/fhir/Patient/{id}", id);
        // Then
        answer.then().statusCode(200).body("gender", equalTo("other"));
    }

    private static void requireNoGender(Response answer) {
        problem(answer, ProblemCode.INVALID_RESOURCE);
        assertThat(answer.<List<String>>path("issue.diagnostics"))
                .anyMatch(text -> text.contains("Patient.gender: minimum required = 1"));
    }

    private static String patching(String url, String patch) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"request\":{\"method\":\"PATCH\",\"url\":\""
                + url
                + "\"},\"resource\":{\"resourceType\":\"Binary\",\"contentType\":\"application/json-patch+json\",\"data\":\""
                + Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)) + "\"}}]}";
    }

    @Test
    void validatesAResourceThatIsNotStored() {
        PublishedPackages.require();
        Response answer = coordinator()
                .queryParam("profile", US_CORE + "|7.0.0")
                .body("{\"resourceType\":\"Patient\"," + IDENTIFIER + ",\"name\":[{\"family\":\"Lovelace\"}]}")
                .post("/fhir/Patient/$validate");
        answer.then().statusCode(200).body("resourceType", equalTo("OperationOutcome"));
        assertThat(answer.<List<String>>path("issue.findAll { it.severity == 'error' }.diagnostics"))
                .singleElement()
                .asString()
                .contains("Patient.gender: minimum required = 1");
    }

    @Test
    void takesParametersAndTellsFaultsOfAny() {
        coordinator()
                .body("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"mode\",\"valueCode\":\"create\"},"
                        + "{\"name\":\"profile\",\"valueUri\":\"http://example.org/none\"},{\"name\":\"resource\","
                        + "\"resource\":{\"resourceType\":\"Patient\",\"active\":true}}]}")
                .post("/fhir/Patient/$validate")
                .then()
                .statusCode(200)
                .body(
                        "issue.find { it.severity == 'error' }.diagnostics",
                        equalTo("profile: not installed (expected: one that the capability statement lists)"));
        coordinator()
                .body("{\"resourceType\":\"Patient\",\"birthDate\":\"1.1.1950\",\"colour\":\"x\"}")
                .post("/fhir/Patient/$validate")
                .then()
                .statusCode(200)
                .body("issue.expression.flatten()", equalTo(List.of("Patient.birthDate", "Patient.colour")))
                .body("issue.severity", equalTo(List.of("error", "error")));
    }

    @Test
    void validatesAStoredResource() {
        // Given
        String id = create("{\"resourceType\":\"Patient\",\"text\":{\"status\":\"generated\",\"div\":"
                + "\"<div xmlns='http://www.w3.org/1999/xhtml'>x</div>\"},\"active\":true}");
        // Then
        coordinator()
                .urlEncodingEnabled(false)
                .get("/fhir/Patient/" + id + "/$validate")
                .then()
                .statusCode(200)
                .body("issue[0].severity", equalTo("information"))
                .body("issue[0].diagnostics", equalTo("valid"));
        coordinator()
                .queryParam("mode", "delete")
                .post("/fhir/Patient/{id}/$validate", id)
                .then()
                .statusCode(200);
        problem(coordinator().get("/fhir/Patient/none/$validate"), ProblemCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void validationAsksForAccess() {
        String body = "{\"resourceType\":\"Patient\",\"active\":true}";
        problem(
                given().contentType("application/fhir+json").body(body).post("/fhir/Patient/$validate"),
                ProblemCode.UNAUTHENTICATED);
        problem(
                as(Tokens.token("x", "coordinator", "riverside-clinic", "system/Observation.r"))
                        .body(body)
                        .post("/fhir/Patient/$validate"),
                ProblemCode.FORBIDDEN);
        problem(coordinator().body(body).post("/fhir/Task/$validate"), ProblemCode.UNKNOWN_TYPE);
        problem(coordinator().body(body).post("/fhir/Patient/$validate?mode=x"), ProblemCode.INVALID_PARAMETER);
        problem(coordinator().body("").post("/fhir/Patient/$validate"), ProblemCode.MALFORMED_BODY);
    }

    @Test
    void listsWhatIsInstalled() {
        PublishedPackages.require();
        as(Tokens.supervisor())
                .get("/operations/packages")
                .then()
                .statusCode(200)
                .body("findAll { it.name == 'hl7.fhir.us.core' }.version", equalTo(List.of("6.1.0", "7.0.0", "8.0.0")))
                .body("find { it.name == 'sdohcc-profiles' }.version", equalTo(null));
        problem(coordinator().get("/operations/packages"), ProblemCode.FORBIDDEN);
        coordinator()
                .get("/fhir/metadata")
                .then()
                .body(
                        "implementationGuide",
                        hasItem("http://hl7.org/fhir/us/core/ImplementationGuide/hl7.fhir.us.core|7.0.0"))
                .body(
                        "rest[0].resource.find { it.type == 'Patient' }.supportedProfile",
                        hasItems(US_CORE + "|6.1.0", US_CORE + "|8.0.0"))
                .body("rest[0].resource[0].operation.name", hasItem("validate"));
    }

    private static String patient(String profile, String rest) {
        return "{\"resourceType\":\"Patient\",\"meta\":{\"profile\":[\"" + profile + "\"]}," + rest + "}";
    }
}
