package org.careloop.referrals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.Scene.as;
import static org.careloop.referrals.Scene.coordinator;
import static org.careloop.referrals.Scene.partner;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.testkit.RealParts;
import org.careloop.testkit.Tokens;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.VerificationResult;
import org.hl7.fhir.r4.model.VerificationResult.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which listings nobody has verified for too long.
 *
 * @see <a href="https://hl7.org/fhir/R4/verificationresult.html">FHIR R4 VerificationResult</a>
 */
@QuarkusTest
@QuarkusTestResource(value = RealParts.class, initArgs = @ResourceArg(name = RealParts.DATABASE, value = "referrals"))
class FreshnessApiTest {

    private static final String KINDS =
            "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
    private static final Duration HALF_A_YEAR = Duration.ofDays(181);

    @Inject
    TestClock clock;

    private Scene scene = Scene.ofNewService();
    private String agency = "";
    private String other = "";

    @BeforeEach
    void twoAgenciesOfOneService() {
        scene = Scene.ofNewService();
        agency = "one-" + scene.plan();
        other = "two-" + scene.plan();
        Scene.agency(agency, scene.service(), "021");
        Scene.agency(other, scene.service(), "021");
    }

    @AfterEach
    void itIsNowAgain() {
        clock.isAheadBy(Duration.ZERO);
    }

    @Test
    void aListingThatNobodyVerifiesIsStaleAfterAWhile() {
        // Then
        assertThat(stale()).isEmpty();
        // When
        clock.isAheadBy(HALF_A_YEAR);
        // Then
        assertThat(stale()).containsExactly(agency + "-service", other + "-service");
        assertThat(ids(as(Tokens.token("x", "supervisor", "riverside-clinic", "system/*.rs"))
                        .get("/fhir/HealthcareService/$stale?service={code}", scene.service())))
                .hasSize(2);
    }

    @Test
    void whoPhonedVerifiesAndLaterItIsStaleAgain() {
        // Given
        clock.isAheadBy(HALF_A_YEAR);
        // When
        coordinator()
                .body(FhirJson.write(
                        verified(agency, Status.VALIDATED, new Reference("Organization/riverside-clinic"))))
                .post("/fhir/VerificationResult")
                .then()
                .statusCode(201);
        // Then
        assertThat(stale()).containsExactly(other + "-service");
        // When
        clock.isAheadBy(HALF_A_YEAR.plus(HALF_A_YEAR));
        // Then: what was never verified was last seen before
        assertThat(stale()).containsExactly(other + "-service", agency + "-service");
    }

    @Test
    void anAgencyAttestsItsOwnListingAndNoOther() {
        // Given
        clock.isAheadBy(HALF_A_YEAR);
        Reference own = new Reference("Organization/" + agency);
        // Then
        attest(verified(other, Status.ATTESTED, own)).then().statusCode(403);
        attest(verified(agency, Status.ATTESTED, new Reference("Organization/" + other)))
                .then()
                .statusCode(403);
        attest(verified(agency, Status.VALIDATED, own)).then().statusCode(403);
        attest(verified(agency, Status.ATTESTED, own)
                        .addTarget(new Reference("HealthcareService/" + other + "-service")))
                .then()
                .statusCode(422);
        assertThat(stale()).hasSize(2);
        // When
        attest(verified(agency, Status.ATTESTED, own)).then().statusCode(201);
        // Then
        assertThat(stale()).containsExactly(other + "-service");
    }

    @Test
    void anAgencyThatChangesItsListingVerifiesItAndOthersWhoDoNot() {
        // Given
        clock.isAheadBy(HALF_A_YEAR);
        // When
        commented(Tokens.partner(agency), agency).then().statusCode(200);
        commented(Tokens.coordinator(), other).then().statusCode(200);
        // Then: the other was changed now, as the database tells the time
        assertThat(stale()).containsExactly(other + "-service");
        coordinator()
                .get("/fhir/VerificationResult?target=HealthcareService/{id}-service", agency)
                .then()
                .body("entry", hasSize(1))
                .body("entry[0].resource.status", equalTo("attested"))
                .body("entry[0].resource.attestation.who.reference", equalTo("Organization/" + agency));
    }

    @Test
    void aVerificationThatFailedAndAListingThatIsOffDoNotCount() {
        // Given
        clock.isAheadBy(HALF_A_YEAR);
        coordinator()
                .body(FhirJson.write(
                        verified(agency, Status.REVALFAIL, new Reference("Organization/riverside-clinic"))))
                .post("/fhir/VerificationResult")
                .then()
                .statusCode(201);
        HealthcareService off = service(other);
        Scene.put(Tokens.coordinator(), off.setActive(false), "W/\"1\"").then().statusCode(200);
        // Then
        assertThat(stale()).containsExactly(agency + "-service");
    }

    @Test
    void whatChangesFastIsStaleEarlier() {
        // Given
        HealthcareService pantry = service(agency);
        pantry.addCategory(new CodeableConcept(new Coding(KINDS, "food-insecurity", null)));
        Scene.put(Tokens.coordinator(), pantry, "W/\"1\"").then().statusCode(200);
        // When
        clock.isAheadBy(Duration.ofDays(91));
        // Then
        assertThat(stale()).containsExactly(agency + "-service");
        assertThat(ids(coordinator().get("/fhir/HealthcareService/$stale?service={kind}", KINDS + "|food-insecurity")))
                .contains(agency + "-service");
    }

    @Test
    void refusesWhoMayNotAskAndWhatIsNotAsked() {
        partner(agency).get("/fhir/HealthcareService/$stale?limit=3").then().statusCode(400);
        as(Tokens.token("x", "coordinator", "riverside-clinic", "system/HealthcareService.rs"))
                .get("/fhir/HealthcareService/$stale")
                .then()
                .statusCode(403);
        as(Tokens.patient("p-" + UUID.randomUUID()))
                .get("/fhir/HealthcareService/$stale")
                .then()
                .statusCode(403);
    }

    private List<String> stale() {
        return ids(coordinator().get("/fhir/HealthcareService/$stale?service={code}", scene.service()));
    }

    private static List<String> ids(Response answer) {
        answer.then().statusCode(200).body("type", equalTo("searchset"));
        List<String> ids = answer.path("entry.resource.id");
        return ids == null ? List.of() : ids;
    }

    private VerificationResult verified(String whose, Status status, Reference who) {
        VerificationResult result = new VerificationResult()
                .setStatus(status)
                .setStatusDate(Date.from(clock.instant()))
                .setLastPerformed(Date.from(clock.instant()))
                .addTarget(new Reference("HealthcareService/" + whose + "-service"));
        result.getAttestation().setWho(who);
        return result;
    }

    private Response attest(VerificationResult result) {
        return partner(agency).body(FhirJson.write(result)).post("/fhir/VerificationResult");
    }

    private static Response commented(String token, String whose) {
        return Scene.put(token, service(whose).setComment("Ring twice, " + Instant.now()), "W/\"1\"");
    }

    private static HealthcareService service(String whose) {
        return FhirJson.parse(
                HealthcareService.class,
                coordinator().get("/fhir/HealthcareService/{id}-service", whose).asByteArray());
    }
}
