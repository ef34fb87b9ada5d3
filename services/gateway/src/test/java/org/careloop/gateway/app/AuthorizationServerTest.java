package org.careloop.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthorizationServerTest {

    /** SMART App Launch 2.2: code_challenge_methods_supported shall hold S256 and shall not hold plain. */
    @Test
    void offersWhatSmartAllowsOfWhatTheServerOffers() {
        // Given
        JsonObject offered = new JsonObject()
                .put("issuer", "https://id.example.org/realms/careloop")
                .put("token_endpoint", "https://id.example.org/token")
                .put("authorization_endpoint", "https://id.example.org/auth")
                .put("userinfo_endpoint", "https://id.example.org/userinfo")
                .put("grant_types_supported", list("implicit", "password", "authorization_code", "client_credentials"))
                .put("response_types_supported", list("code", "none", "id_token token"))
                .put("code_challenge_methods_supported", list("plain", "S256"))
                .put("token_endpoint_auth_methods_supported", list("tls_client_auth", "private_key_jwt"))
                .put("token_endpoint_auth_signing_alg_values_supported", list("PS384", "ES384", "HS256", "RS384"))
                .put("scopes_supported", list("openid", "profile", "system/*.cruds", "hl7v2.send"));
        // When
        JsonObject smart = AuthorizationServer.smart(offered);
        // Then
        assertThat(smart.getString("token_endpoint")).isEqualTo("https://id.example.org/token");
        assertThat(smart.containsKey("userinfo_endpoint")).isFalse();
        assertThat(smart.containsKey("introspection_endpoint")).isFalse();
        assertThat(smart.getJsonArray("grant_types_supported"))
                .containsExactly("authorization_code", "client_credentials");
        assertThat(smart.getJsonArray("response_types_supported")).containsExactly("code");
        assertThat(smart.getJsonArray("code_challenge_methods_supported")).containsExactly("S256");
        assertThat(smart.getJsonArray("token_endpoint_auth_methods_supported")).containsExactly("private_key_jwt");
        assertThat(smart.getJsonArray("token_endpoint_auth_signing_alg_values_supported"))
                .containsExactly("RS384", "ES384");
        assertThat(smart.getJsonArray("scopes_supported")).containsExactly("openid", "system/*.cruds");
        assertThat(smart.getJsonArray("capabilities")).contains("permission-v1", "permission-v2");
    }

    private static JsonArray list(String... values) {
        return new JsonArray(List.of(values));
    }
}
