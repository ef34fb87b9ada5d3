package org.careloop.referrals;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.coordinator;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** @see <a href="https://docs.openreferral.org/">Open Referral HSDS</a> */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class HsdsImportApiTest {

    private static final String JSON = "application/json";

    private String source = "";

    @BeforeEach
    void anotherSource() {
        source = "s-" + UUID.randomUUID();
    }

    @Test
    void aDirectoryIsImportedOnceAndThenUpdated() {
        // When
        Response first = send(JSON, services(service("a", "Pantry"), service("b", "Shelter")));
        // Then
        first.then()
                .statusCode(200)
                .body("resourceType", equalTo("OperationOutcome"))
                .body("issue", hasSize(1))
                .body(
                        "issue[0].diagnostics",
                        equalTo(
                                "HealthcareService created 2, updated 0, unchanged 0; Location created 2, updated 0, unchanged 0;"
                                        + " Organization created 1, updated 0, unchanged 0;"
                                        + " VerificationResult created 2, updated 0, unchanged 0"));
        // When
        Response second = send(JSON, services(service("a", "Pantry"), service("b", "Night shelter")));
        // Then
        second.then()
                .body("issue", hasSize(1))
                .body(
                        "issue[0].diagnostics",
                        startsWith(
                                "HealthcareService created 0, updated 1, unchanged 1; Location created 0, updated 0, unchanged 2"));
        found("identifier=" + identifier("b"))
                .then()
                .body("entry.resource", hasSize(1))
                .body("entry[0].resource.name", equalTo("Night shelter"))
                .body("entry[0].resource.meta.versionId", equalTo("2"));
        found("_has:VerificationResult:target:performed=2026-05-01&identifier=" + identifier("a"))
                .then()
                .body("entry.resource", hasSize(1));
    }

    @Test
    void whatHasVanishedIsToldAndKept() {
        // Given
        send(JSON, services(service("a", "Pantry"), service("b", "Shelter")));
        String kept = found("identifier=" + identifier("b")).path("entry[0].resource.id");
        // When
        Response answer = send(JSON, services(service("a", "Pantry")));
        // Then
        answer.then()
                .statusCode(200)
                .body(
                        "issue.diagnostics",
                        hasItem("HealthcareService/" + kept + ": not in this file any more, and kept"));
        coordinator().get("/fhir/HealthcareService/{id}", kept).then().statusCode(200);
        // A page tells nothing of what is on others.
        send(JSON, "{\"total_pages\":2,\"contents\":" + services(service("a", "Pantry")) + "}")
                .then()
                .body("issue.diagnostics", not(hasItem(containsString("not in this file any more"))))
                .body("issue.code", hasItem("incomplete"));
    }

    @Test
    void whatCannotBeTakenIsToldAndTheRestIsImported() throws IOException {
        // When
        Response answer = given().auth()
                .oauth2(Tokens.coordinator())
                .contentType("application/zip")
                .body(zip(
                        "organizations.csv",
                        "id,name,tax_id\no,Food,12-3\n",
                        "services.csv",
                        "id,organization_id,name,status\na,o,Pantry,active\nb,nobody,Lost,active\n"))
                .post("/directory/hsds?source={source}", source);
        // Then
        answer.then()
                .statusCode(200)
                .body("issue.findAll { it.severity == 'error' }.diagnostics", hasSize(1))
                .body(
                        "issue.findAll { it.severity == 'error' }[0].diagnostics",
                        equalTo("service[2].organization_id: not of an organization in this file (expected: one)"))
                .body("issue.diagnostics", hasItem("organization.tax_id: has no place in the directory (rows: 1)"));
        found("identifier=" + identifier("a")).then().body("entry.resource", hasSize(1));
        assertThat(found("identifier=" + identifier("b")).<List<?>>path("entry"))
                .isNull();
    }

    @Test
    void whatCannotBeReadChangesNothing() {
        send(JSON, "[{\"id\":\"a\",").then().statusCode(400).body("resourceType", equalTo("OperationOutcome"));
        send("application/zip", "PK").then().statusCode(400);
        send("text/csv", "id,name\n").then().statusCode(415);
        assertThat(found("identifier=" + identifier("")).<List<?>>path("entry")).isNull();
        given().auth()
                .oauth2(Tokens.coordinator())
                .contentType(JSON)
                .body(services(service("a", "Pantry")))
                .post("/directory/hsds")
                .then()
                .statusCode(400);
    }

    @Test
    void agenciesAndWhoLacksAScopeImportNothing() {
        for (String token : List.of(
                Tokens.partner("x"),
                Tokens.token("x", "supervisor", "riverside-clinic", "system/*.cruds"),
                Tokens.token("x", "coordinator", "riverside-clinic", "system/HealthcareService.cruds"))) {
            given().auth()
                    .oauth2(token)
                    .contentType(JSON)
                    .body(services(service("a", "Pantry")))
                    .post("/directory/hsds?source={source}", source)
                    .then()
                    .statusCode(403);
        }
        assertThat(found("identifier=" + identifier("a")).<List<?>>path("entry"))
                .isNull();
    }

    @Test
    void whatAnotherOrganizationHasImportedStaysItsOwn() {
        // Given
        send(JSON, services(service("a", "Pantry")));
        // When
        Response answer = given().auth()
                .oauth2(Tokens.token("other", "coordinator", "other-clinic", "system/*.cruds"))
                .contentType(JSON)
                .body(services(service("a", "Ours")))
                .post("/directory/hsds?source={source}", source);
        // Then
        answer.then().statusCode(200).body("issue[0].diagnostics", not(containsString("updated 1")));
        assertThat(answer.<List<String>>path("issue.findAll { it.severity == 'error' }.diagnostics"))
                .anyMatch(text -> text.startsWith("service[1]: HealthcareService not stored: "));
        found("identifier=" + identifier("a")).then().body("entry[0].resource.name", equalTo("Pantry"));
    }

    @Test
    void whatWasDeletedHereStaysSo() {
        // Given
        send(JSON, services(service("a", "Pantry")));
        String id = found("identifier=" + identifier("a")).path("entry[0].resource.id");
        for (String proof : found("_revinclude=VerificationResult:target&identifier=" + identifier("a"))
                .<List<String>>path("entry.resource.findAll { it.resourceType == 'VerificationResult' }.id")) {
            coordinator().delete("/fhir/VerificationResult/{id}", proof);
        }
        coordinator().delete("/fhir/HealthcareService/{id}", id).then().statusCode(204);
        // When
        Response answer = send(JSON, services(service("a", "Pantry")));
        // Then
        answer.then()
                .statusCode(200)
                .body(
                        "issue.diagnostics",
                        hasItem("service[1]: HealthcareService not stored: was deleted here, and stays so"));
        coordinator().get("/fhir/HealthcareService/{id}", id).then().statusCode(410);
    }

    /** A directory in FHIR needs no import of its own. */
    @Test
    void aBundleIsImportedAsATransaction() {
        // Given
        Bundle bundle = new Bundle().setType(BundleType.TRANSACTION);
        bundle.addEntry()
                .setFullUrl("urn:uuid:0c8ee6b5-9d5f-4d4e-a1a1-6a7a5a5b3e01")
                .setResource(new Organization().setActive(true).setName("Food"))
                .getRequest()
                .setMethod(HTTPVerb.PUT)
                .setUrl("Organization?identifier=" + identifier("o"));
        ((Organization) bundle.getEntryFirstRep().getResource())
                .addIdentifier()
                .setSystem(identifier("").replace("|", ""))
                .setValue("o");
        bundle.addEntry()
                .setResource(new HealthcareService()
                        .setActive(true)
                        .setProvidedBy(new Reference("urn:uuid:0c8ee6b5-9d5f-4d4e-a1a1-6a7a5a5b3e01")))
                .getRequest()
                .setMethod(HTTPVerb.POST)
                .setUrl("HealthcareService");
        // When
        Response answer = coordinator().body(FhirJson.write(bundle)).post("/fhir");
        // Then
        answer.then().statusCode(200).body("entry.response.status", hasItem("201 Created"));
        found("organization.identifier=" + identifier("o")).then().body("entry.resource", hasSize(1));
    }

    private static String services(String... services) {
        return "[" + String.join(",", services) + "]";
    }

    private static String service(String id, String name) {
        return """
                {"id":"%s","name":"%s","assured_date":"2026-05-01","organization":{"id":"o","name":"Food for all"},
                 "service_areas":[{"id":"%s-area","name":"021"}]}""".formatted(id, name, id);
    }

    private String identifier(String id) {
        return "https://careloop.org/fhir/sid/hsds/" + source + "|" + id;
    }

    private static Response found(String query) {
        return coordinator().urlEncodingEnabled(false).get("/fhir/HealthcareService?" + query.replace("|", "%7C"));
    }

    private Response send(String mediaType, String body) {
        return given().auth()
                .oauth2(Tokens.coordinator())
                .contentType(mediaType)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/directory/hsds?source={source}", source);
    }

    private static byte[] zip(String... files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < files.length; i += 2) {
                zip.putNextEntry(new ZipEntry(files[i]));
                zip.write(files[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
