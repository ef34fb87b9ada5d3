package org.careloop.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The realm file of the platform in a real Keycloak: what the tokens say that callers get. */
class KeycloakPartTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static KeycloakPart keycloak;

    @BeforeAll
    static void startEmpty() throws Exception {
        Path folder = Path.of("target", "parts", "keycloak");
        FileTree.delete(folder);
        Path realm = ProjectRoot.find().resolve("deploy/keycloak/careloop-realm.json");
        keycloak = KeycloakPart.start(folder, 0, realm);
    }

    @AfterAll
    static void stop() {
        keycloak.close();
    }

    @Test
    void givesPartnerTokenOfItsOrganisationWithScopesForItsWork() throws Exception {
        JsonNode claims = claims(clientToken("harbor-home-health"));

        assertThat(claims.path("iss").asText()).isEqualTo(keycloak.url() + "/realms/careloop");
        assertThat(claims.path("aud").asText()).isEqualTo("careloop");
        assertThat(claims.path("azp").asText()).isEqualTo("harbor-home-health");
        assertThat(claims.path("sub").asText()).isNotEmpty();
        assertThat(claims.path("careloop_role").asText()).isEqualTo("partner");
        assertThat(claims.path("careloop_organization").asText()).isEqualTo("harbor-home-health");
        assertThat(claims.has("careloop_patient")).isFalse();
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(300);
        // Which these are all, RegistrationTest compares with the access rules.
        assertThat(scopes(claims))
                .contains("system/Task.rus", "system/Procedure.crus", "system/CarePlan.rs", "system/Condition.rs")
                .allMatch(scope -> scope.matches("system/[A-Z][A-Za-z]+\\.c?ru?s"));
    }

    @Test
    void givesHospitalTokenToSendMessagesAndReadWhatBecameOfThem() throws Exception {
        JsonNode claims = claims(clientToken("general-hospital"));

        assertThat(claims.path("careloop_role").asText()).isEqualTo("event-source");
        assertThat(claims.path("careloop_organization").asText()).isEqualTo("general-hospital");
        assertThat(scopes(claims)).containsExactlyInAnyOrder("hl7v2.send", "system/Patient.rs", "system/Encounter.rs");
    }

    @Test
    void givesOwnServicesAndTheOrganisationsEhrEverything() throws Exception {
        JsonNode service = claims(clientToken("careloop-care-plans"));
        JsonNode ehr = claims(clientToken("riverside-ehr"));

        assertThat(service.path("careloop_role").asText()).isEqualTo("service");
        assertThat(service.path("careloop_organization").asText()).isEqualTo("careloop");
        assertThat(scopes(service)).containsExactly("system/*.cruds");
        assertThat(ehr.path("careloop_role").asText()).isEqualTo("coordinator");
        assertThat(ehr.path("careloop_organization").asText()).isEqualTo("riverside-clinic");
        assertThat(scopes(ehr)).containsExactly("system/*.cruds");
    }

    @Test
    void givesPeopleOnlyTheScopesOfTheirRole() throws Exception {
        JsonNode caseManager = claims(userToken("case-manager"));
        JsonNode supervisor = claims(userToken("supervisor"));
        JsonNode patient = claims(userToken("patient"));

        assertThat(caseManager.path("careloop_role").asText()).isEqualTo("coordinator");
        assertThat(caseManager.path("careloop_organization").asText()).isEqualTo("riverside-clinic");
        assertThat(caseManager.path("aud").asText()).isEqualTo("careloop");
        assertThat(caseManager.path("preferred_username").asText()).isEqualTo("case-manager");
        assertThat(scopes(caseManager)).containsExactly("user/*.cruds");
        assertThat(supervisor.path("careloop_role").asText()).isEqualTo("supervisor");
        assertThat(scopes(supervisor)).containsExactly("user/*.rs");
        assertThat(patient.path("careloop_role").asText()).isEqualTo("patient");
        assertThat(patient.path("careloop_patient").asText()).isEqualTo("demo-patient");
        assertThat(patient.has("careloop_organization")).isFalse();
        assertThat(scopes(patient)).containsExactlyInAnyOrder("patient/*.rs", "patient/Task.rus");
    }

    /** With the realm that was imported: what was public once is found at each later start, too. */
    @Test
    void doesNotStartWithPublicSecretsWhereClientsComeFromElsewhere() throws Exception {
        // Given
        Path folder = Path.of("target", "parts", "keycloak-elsewhere");
        FileTree.delete(folder);
        Path realm = ProjectRoot.find().resolve("deploy/keycloak/careloop-realm.json");
        Map<String, String> environment = Map.of(
                "CARELOOP_FHIR_BASE_URL",
                "https://fhir.example.org/fhir",
                "CARELOOP_SECRET_SAFE_RIDES",
                "own-and-random");
        // When
        try (KeycloakPart elsewhere = KeycloakPart.launch(folder, 0, realm, environment, Lifetime.WITH_PARENT)) {
            // Then
            assertThatThrownBy(() -> elsewhere.awaitReady(Duration.ofSeconds(120)))
                    .isInstanceOf(PartFailure.class)
                    .hasMessageContaining("ended with exit code")
                    .hasMessageContaining("secrets that are public")
                    .hasMessageContaining("careloop-registrar")
                    .hasMessageContaining("case-manager")
                    .hasMessageContaining("admin")
                    .message()
                    .doesNotContain("safe-rides");
        }
    }

    @Test
    void refusesWrongSecretAndScopeBeyondTheOwn() throws Exception {
        String wrongSecret = "grant_type=client_credentials&client_id=safe-rides&client_secret=wrong";
        String wrongScope = "grant_type=client_credentials&client_id=safe-rides&client_secret=local-only-safe-rides"
                + "&scope=hl7v2.send";

        assertThat(request(wrongSecret).statusCode()).isEqualTo(401);
        assertThat(request(wrongScope).statusCode()).isEqualTo(400);
    }

    private static String clientToken(String client) throws Exception {
        return token("grant_type=client_credentials&client_id=" + client + "&client_secret=local-only-" + client);
    }

    private static String userToken(String user) throws Exception {
        return token("grant_type=password&client_id=careloop-cli&client_secret=local-only-careloop-cli&username=" + user
                + "&password=local-only-" + user);
    }

    private static String token(String form) throws Exception {
        HttpResponse<String> response = request(form);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).path("access_token").asText();
    }

    private static HttpResponse<String> request(String form) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(keycloak.url() + "/realms/careloop/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode claims(String token) throws Exception {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    private static Set<String> scopes(JsonNode claims) {
        return Set.of(claims.path("scope").asText().split(" "));
    }
}
