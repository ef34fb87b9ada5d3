package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.testkit.Fhir.coordinator;
import static org.careloop.testkit.Fhir.problem;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.testkit.PublishedPackages;
import org.junit.jupiter.api.Test;

/** Referrals as the SDOH Clinical Care guide profiles them, which builds on US Core. */
@QuarkusTest
@QuarkusTestResource(PublishedPackages.class)
class ReferralProfilesApiTest {

    private static final String REQUEST =
            "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ServiceRequest";

    @Test
    void takesThePublishedExamplesOfTheHeldTypes() throws IOException {
        // Given
        PublishedPackages.require();
        Path samples = PublishedPackages.folder().resolveSibling("samples/sdohcc");
        assumeTrue(Files.isDirectory(samples), "no samples at ../shared/samples/sdohcc of the project's root");
        // When
        try (Stream<Path> files = Files.list(samples)) {
            for (Path file : files.sorted().toList()) {
                String type = file.getFileName().toString().split("-", 2)[0];
                if (type.equals("Task") || type.equals("ServiceRequest")) {
                    Response answer = coordinator().body(Files.readString(file)).post("/fhir/{type}/$validate", type);
                    // Then
                    assertThat(answer.<List<String>>path("issue.findAll { it.severity == 'error' }.diagnostics"))
                            .as(file.toString())
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void refusesARequestThatBreaksTheProfileThatItClaims() {
        PublishedPackages.require();
        // When
        Response answer = coordinator().body("""
                {"resourceType":"ServiceRequest","meta":{"profile":["%s"]},"status":"draft","intent":"order",
                 "subject":{"reference":"Patient/1"}}""".formatted(REQUEST)).post("/fhir/ServiceRequest");
        // Then
        problem(answer, ProblemCode.INVALID_RESOURCE);
        answer.then().body("issue.expression.flatten()", hasItem("ServiceRequest"));
        assertThat(answer.<List<String>>path("issue.diagnostics"))
                .anyMatch(text -> text.contains("ServiceRequest.code") && text.contains("minimum required = 1"));
    }

    @Test
    void refusesAReferenceToATypeThatMayNotStandThere() {
        // When
        Response answer = coordinator().body("""
                {"resourceType":"ServiceRequest","status":"draft","intent":"order","subject":{"reference":"Task/1"}}""").post("/fhir/ServiceRequest");
        // Then
        problem(answer, ProblemCode.INVALID_RESOURCE);
        answer.then().body("issue.expression.flatten()", hasItem("ServiceRequest.subject"));
    }
}
