package org.careloop.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

    private static final String REALM = """
            {"clients": [{"clientId": "safe-rides"}, {"clientId": "careloop-cli"}], "users": [{"username": "patient"}]}
            """;

    @TempDir
    Path folder;

    private HttpServer keycloak;
    private Tokens tokens;
    private String asked = "";
    private int status = 200;

    @BeforeEach
    void startKeycloak() throws IOException {
        Files.createDirectories(folder.resolve("deploy/keycloak"));
        Files.writeString(folder.resolve("deploy/keycloak/careloop-realm.json"), REALM);
        keycloak = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keycloak.createContext("/realms/careloop/protocol/openid-connect/token", exchange -> {
            asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] answer = "{\"access_token\": \"abc\", \"error_description\": \"Invalid credentials\"}".getBytes();
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        keycloak.start();
        String realm = "http://localhost:" + keycloak.getAddress().getPort() + "/realms/careloop";
        tokens = new Tokens(new Layout(folder), realm, new Secrets(Map.of("CARELOOP_PASSWORD_PATIENT", "a&b")));
    }

    @AfterEach
    void stopKeycloak() {
        keycloak.stop(0);
    }

    @Test
    void asksForClientWithItsSecret() {
        assertThat(tokens.of("safe-rides")).isEqualTo("abc");
        assertThat(asked)
                .isEqualTo("client_id=safe-rides&client_secret=local-only-safe-rides&grant_type=client_credentials");
    }

    @Test
    void asksForPersonWithPassword() {
        assertThat(tokens.of("patient")).isEqualTo("abc");
        assertThat(asked)
                .isEqualTo("client_id=careloop-cli&client_secret=local-only-careloop-cli&grant_type=password"
                        + "&password=a%26b&username=patient");
    }

    @Test
    void refusesUnknownNameAndTellsTheKnownOnes() {
        assertThatThrownBy(() -> tokens.of("nobody"))
                .isInstanceOf(Refusal.class)
                .hasMessage("there is no client or user nobody (expected one of: safe-rides, patient)");
    }

    @Test
    void tellsWhatKeycloakSaidWhenItRefuses() {
        status = 401;

        assertThatThrownBy(() -> tokens.of("safe-rides"))
                .isInstanceOf(Refusal.class)
                .hasMessage("Keycloak gives no token for safe-rides: Invalid credentials");
    }

    @Test
    void tellsHowToStartWhenNobodyAnswers() {
        keycloak.stop(0);

        assertThatThrownBy(() -> tokens.of("safe-rides"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("start it with ./care up");
    }
}
