package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.careloop.endtoend.RawHttp.Answer;
import org.junit.jupiter.api.Test;

/**
 * What an application reads before it has a token.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/conformance.html">SMART App Launch 2.2, conformance</a>
 */
class SmartIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final WholePlatform platform = WholePlatform.shared();

    @Test
    void theSmartConfigurationNamesTheServerWhoseTokensAreAccepted() throws IOException {
        // When
        Answer answer = platform.anonymous().get(".well-known/smart-configuration");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        JsonNode smart = answer.json();
        assertThat(smart.path("issuer").asText()).isEqualTo(issuerOfTokens());
        assertThat(smart.path("code_challenge_methods_supported")).hasToString("[\"S256\"]");
        assertThat(smart.path("token_endpoint_auth_signing_alg_values_supported"))
                .hasToString("[\"RS384\",\"ES384\"]");
        assertThat(smart.path("token_endpoint_auth_methods_supported"))
                .extracting(JsonNode::asText)
                .contains("private_key_jwt");
        assertThat(smart.path("scopes_supported"))
                .extracting(JsonNode::asText)
                .contains("openid", "fhirUser", "launch", "launch/patient", "offline_access")
                .contains("system/*.cruds", "patient/*.rs", "patient/Observation.rs", "user/Task.rs");
        // AppLaunchIT and BackendServicesIT show each of them.
        assertThat(smart.path("capabilities"))
                .extracting(JsonNode::asText)
                .contains("launch-standalone", "launch-ehr", "client-public", "client-confidential-asymmetric")
                .contains("sso-openid-connect", "context-standalone-patient", "context-ehr-encounter")
                .doesNotContain("context-banner", "authorize-post");
    }

    @Test
    void theCapabilityStatementNamesItToo() {
        // Given
        JsonNode smart =
                platform.anonymous().get(".well-known/smart-configuration").json();
        // When
        JsonNode security = platform.anonymous().get("metadata").json().at("/rest/0/security");
        // Then
        assertThat(security.at("/service/0/coding/0/code").asText()).isEqualTo("SMART-on-FHIR");
        assertThat(security.at("/extension/0/extension"))
                .extracting(uri -> uri.path("valueUri").asText())
                .containsExactlyInAnyOrder(
                        smart.path("authorization_endpoint").asText(),
                        smart.path("token_endpoint").asText(),
                        smart.path("introspection_endpoint").asText(),
                        smart.path("revocation_endpoint").asText());
    }

    private String issuerOfTokens() throws IOException {
        String token = platform.asUsersSeeIt().token("riverside-ehr");
        String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
        return JSON.readTree(claims).path("iss").asText();
    }
}
