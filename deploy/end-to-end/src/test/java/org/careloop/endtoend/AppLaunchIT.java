package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.careloop.endtoend.Browser.Page;
import org.careloop.endtoend.TokenRequest.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Applications for people: the login form is filled in, tokens are got, and records are read with them.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/app-launch.html">SMART App Launch 2.2</a>
 */
class AppLaunchIT {

    private static final String STANDALONE =
            "openid fhirUser launch/patient patient/Patient.rs patient/Observation.rs offline_access";
    private static final String LAUNCHED =
            "openid fhirUser launch patient/Patient.rs patient/Observation.rs online_access";

    private final WholePlatform platform = WholePlatform.shared();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String ada = "ada-" + mark;
    private final String ben = "ben-" + mark;

    @BeforeEach
    void twoPatientsAndTheOneWhoLogsIn() {
        for (String id : new String[] {ada, ben, "demo-patient"}) {
            RawHttp.Answer answer = platform.raw("riverside-ehr")
                    .send("PUT", "Patient/" + id, Map.of(), "{\"resourceType\":\"Patient\",\"id\":\"" + id + "\"}");
            assertThat(answer.status()).as(answer.text()).isIn(200, 201);
        }
    }

    @Test
    void aPatientOpensTheirOwnRecord() {
        // Given
        SmartApp app = app(STANDALONE);
        // When
        Answer tokens = app.redeem(app.authorize(new Browser(), "patient"));
        // Then
        assertThat(tokens.json().path("patient").asText()).isEqualTo("demo-patient");
        assertThat(tokens.json().path("scope").asText().split(" ")).contains(STANDALONE.split(" "));
        assertThat(tokens.json().path("expires_in").asInt()).isLessThanOrEqualTo(300);
        JsonNode identity = TokenRequest.claimsOf(tokens.json().path("id_token").asText());
        assertThat(identity.path("fhirUser").asText()).isEqualTo("Patient/demo-patient");
        assertThat(identity.path("iss").asText()).isEqualTo(platform.realm());
        assertThat(identity.path("aud").asText()).isEqualTo("demo-app");
        assertThat(identity.path("sub").asText()).isNotEmpty();
        RawHttp own = platform.bearing(tokens.token());
        assertThat(own.get("Patient/demo-patient").status()).isEqualTo(200);
        assertThat(own.get("Patient/" + ada).status()).isEqualTo(404);
        assertThat(own.get("Goal?patient=demo-patient").status()).as("no scope").isEqualTo(403);
        assertThat(platform.bearing(tokens.json().path("id_token").asText())
                        .get("Patient/demo-patient")
                        .status())
                .as("a token about the person opens nothing")
                .isEqualTo(401);
    }

    @Test
    void refreshTokensGoOnWithTheSameRecordAndWorkOnce() {
        // Given
        SmartApp app = app(STANDALONE);
        Answer first = app.redeem(app.authorize(new Browser(), "patient"));
        // When
        Answer second = app.refresh(first);
        // Then
        assertThat(second.claims().path("careloop_patient").asText()).isEqualTo("demo-patient");
        assertThat(second.json().path("patient").asText()).isEqualTo("demo-patient");
        assertThat(app.refresh(first).status()).as("used before").isEqualTo(400);
    }

    @Test
    void aClinicianChoosesARecordAndSeesThatOneAlone() {
        // Given
        SmartApp app = app(STANDALONE);
        Browser browser = new Browser();
        // When
        Page choice = app.authorize(browser, "case-manager");
        // Then
        assertThat(choice.asksFor("patient")).isTrue();
        Page wrong = browser.submit(choice, Map.of("patient", "../x"));
        assertThat(wrong.text()).contains("Id of a Patient: 1 to 64");
        Answer tokens = app.redeem(browser.submit(wrong, Map.of("patient", ada)));
        assertThat(tokens.json().path("patient").asText()).isEqualTo(ada);
        assertThat(TokenRequest.claimsOf(tokens.json().path("id_token").asText())
                        .path("fhirUser")
                        .asText())
                .isEqualTo("Practitioner/case-manager");
        seesOnly(tokens, ada, ben);
        seesOnly(app.refresh(tokens), ada, ben);
    }

    @Test
    void anEhrOpensAnApplicationWithItsPatientAndEncounterOnce() {
        // Given
        String launch = launch("riverside-ehr", ada, "demo-app").path("launch").asText();
        SmartApp app = app(LAUNCHED).with("launch", launch);
        // When
        Answer tokens = app.redeem(app.authorize(new Browser(), "case-manager"));
        // Then
        assertThat(tokens.json().path("patient").asText()).isEqualTo(ada);
        assertThat(tokens.json().path("encounter").asText()).isEqualTo("encounter-" + mark);
        seesOnly(tokens, ada, ben);
        JsonNode seen = introspected(tokens.token());
        assertThat(seen.path("active").asBoolean()).isTrue();
        assertThat(seen.path("patient").asText()).isEqualTo(ada);
        assertThat(seen.path("encounter").asText()).isEqualTo("encounter-" + mark);
        assertThat(seen.path("scope").asText()).contains("patient/Observation.rs");
        assertThat(seen.path("client_id").asText()).isEqualTo("demo-app");
        assertThat(introspected("nonsense").path("active").asBoolean()).isFalse();
        refused(app(LAUNCHED).with("launch", launch), "case-manager");
    }

    @Test
    void nobodyElseTakesALaunch() {
        refused(app(LAUNCHED), "case-manager");
        refused(app(LAUNCHED).with("launch", "guessed"), "case-manager");
        String forOther =
                launch("riverside-ehr", ada, "careloop-cli").path("launch").asText();
        refused(app(LAUNCHED).with("launch", forOther), "case-manager");
        String ofOther =
                launch("careloop-registrar", ada, "demo-app").path("launch").asText();
        refused(app(LAUNCHED).with("launch", ofOther), "case-manager");
        String notForPatients =
                launch("riverside-ehr", ada, "demo-app").path("launch").asText();
        refused(app(LAUNCHED).with("launch", notForPatients), "patient");
        assertThat(launch("harbor-home-health", ada, "demo-app")
                        .path("error_description")
                        .asText())
                .contains("not allowed here");
        assertThat(launch("case-manager", ada, "demo-app")
                        .path("error_description")
                        .asText())
                .contains("not allowed here");
        assertThat(launch("riverside-ehr", "a b", "demo-app")
                        .path("error_description")
                        .asText())
                .contains("patient: missing or not well formed");
        assertThat(launch("riverside-ehr", ada, "nobody")
                        .path("error_description")
                        .asText())
                .contains("client_id: unknown");
    }

    /** One session of one person, two windows: the harm would be to write into the record of the wrong patient. */
    @Test
    void twoWindowsKeepTheirRecordsApart() {
        // Given
        Browser browser = new Browser();
        SmartApp first = app(LAUNCHED).with("launch", launchOf(ada));
        SmartApp second = app(LAUNCHED).with("launch", launchOf(ben));
        Page firstCode = first.authorize(browser, "case-manager");
        Page secondCode = second.authorize(browser, "case-manager");
        // When
        Answer ofSecond = second.redeem(secondCode);
        Answer ofFirst = first.redeem(firstCode);
        // Then
        seesOnly(ofFirst, ada, ben);
        seesOnly(ofSecond, ben, ada);
        seesOnly(first.refresh(ofFirst), ada, ben);
        seesOnly(second.refresh(ofSecond), ben, ada);
    }

    @Test
    void codesAreForThisServerAndForWhoBeganWithPkceAlone() {
        refused(app(STANDALONE).with("aud", "https://elsewhere.invalid/fhir"), "patient");
        refused(app(STANDALONE).with("aud", ""), "patient");
        for (SmartApp app : new SmartApp[] {
            app(STANDALONE).with("code_challenge_method", "plain"),
            app(STANDALONE).with("code_challenge_method", ""),
            app(STANDALONE).with("code_challenge", "").with("code_challenge_method", ""),
            app(STANDALONE).with("scope", "openid user/Patient.cruds")
        }) {
            Page page = new Browser().open(app.authorization());
            assertThat(page.asksFor("password")).isFalse();
            assertThat(page.parameter("code")).isEmpty();
        }
        SmartApp app = app(STANDALONE);
        Page page = app.authorize(new Browser(), "patient");
        assertThat(app.redeem(page, "a".repeat(64)).status()).isEqualTo(400);
        SmartApp other = app(STANDALONE);
        Page code = other.authorize(new Browser(), "patient");
        assertThat(other.redeem(code).status()).isEqualTo(200);
        assertThat(other.redeem(code).status()).as("used before").isEqualTo(400);
    }

    /** Where the clinician chooses nothing, scopes of the role alone decide; none is given beyond them. */
    @Test
    void noScopeIsGivenBeyondTheRole() {
        // Given
        SmartApp app = app("openid user/Patient.rs patient/Patient.rs");
        // When
        Answer tokens = app.redeem(app.authorize(new Browser(), "patient"));
        // Then
        assertThat(tokens.json().path("scope").asText())
                .contains("patient/Patient.rs")
                .doesNotContain("user/");
        assertThat(tokens.json().has("patient")).isFalse();
    }

    private SmartApp app(String scope) {
        return new SmartApp(platform.realm(), platform.fhir(), scope);
    }

    private static void refused(SmartApp app, String person) {
        Page page = app.authorize(new Browser(), person);
        assertThat(page.parameter("code")).isEmpty();
        assertThat(page.parameter("error")).isEqualTo("access_denied");
    }

    private void seesOnly(Answer tokens, String patient, String other) {
        assertThat(tokens.claims().path("patient").asText()).isEqualTo(patient);
        assertThat(tokens.json().path("patient").asText()).isEqualTo(patient);
        RawHttp records = platform.bearing(tokens.token());
        assertThat(records.get("Patient/" + patient).status()).isEqualTo(200);
        assertThat(records.get("Patient/" + other).status()).isEqualTo(404);
        assertThat(records.get("Patient?_id=" + patient + "," + other).json().at("/entry"))
                .hasSize(1);
    }

    private String launchOf(String patient) {
        return launch("riverside-ehr", patient, "demo-app").path("launch").asText();
    }

    private JsonNode launch(String ehr, String patient, String client) {
        JsonNode body = new ObjectMapper()
                .createObjectNode()
                .put("client_id", client)
                .put("patient", patient)
                .put("encounter", "encounter-" + mark);
        return new RawHttp(platform.realm(), Optional.of(platform.asUsersSeeIt().token(ehr)))
                .send("POST", "/smart-launch", Map.of("Content-Type", "application/json"), body.toString())
                .json();
    }

    private JsonNode introspected(String token) {
        return TokenRequest.post(
                        platform.realm() + "/protocol/openid-connect/token/introspect",
                        Map.of("token", token, "client_id", "careloop", "client_secret", "local-only-careloop"))
                .json();
    }
}
