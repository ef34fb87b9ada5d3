package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.careloop.endtoend.TokenRequest.Answer;
import org.careloop.local.registration.Registrar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Systems of other organisations: registered by one command, known by their keys alone.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/backend-services.html">SMART Backend Services</a>
 * @see <a href="https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html">asymmetric authentication</a>
 */
class BackendServicesIT {

    private static final String SCOPES = "system/Task.rus system/Patient.rs system/Organization.rs";

    @TempDir
    Path folder;

    private final WholePlatform platform = WholePlatform.shared();
    private final String endpoint = platform.realm() + "/protocol/openid-connect/token";
    private final String agency = "agency-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void aNewAgencyIsRegisteredByOneCommandAndReadsItsTasksAndNothingElse() throws IOException {
        // Given
        ClientKey key = ClientKey.ec();
        List<String> words = agencyWith("--name", "Northside Nursing", "--jwks", file(ClientKey.setOf(key)));
        // When
        String said = platform.care("register", words);
        // Then
        assertThat(said)
                .contains("created:    Organization/" + agency)
                .contains("registered: agency " + agency)
                .contains(endpoint);
        JsonNode claims = request(key).with("scope", SCOPES).send().claims();
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isLessThanOrEqualTo(300);
        assertThat(claims.path("aud").asText()).isEqualTo("careloop");
        assertThat(claims.path("azp").asText()).isEqualTo(agency);
        assertThat(claims.path("careloop_role").asText()).isEqualTo("partner");
        assertThat(claims.path("careloop_organization").asText()).isEqualTo(agency);
        assertThat(Stream.of(claims.path("scope").asText().split(" "))).containsExactlyInAnyOrder(SCOPES.split(" "));
        RawHttp asAgency =
                platform.bearing(request(key).with("scope", SCOPES).send().token());
        assertThat(asAgency.get("Organization/" + agency).json().path("name").asText())
                .isEqualTo("Northside Nursing");
        String mine = task(agency);
        String foreign = task("riverside-clinic");
        assertThat(asAgency.get(mine).status()).isEqualTo(200);
        assertThat(asAgency.get(foreign).status()).isEqualTo(404);
        assertThat(asAgency.get("Goal").status()).as("not asked for in scope").isEqualTo(403);
        assertThat(asAgency.send("POST", "Organization", Map.of(), "{\"resourceType\":\"Organization\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void theSameRegistrationAgainChangesNothingAndNoOtherMayTakeItsPlace() throws IOException {
        // Given
        ClientKey first = ClientKey.rsa();
        ClientKey second = ClientKey.rsa();
        String jwks = file(ClientKey.setOf(first));
        register("--name", "A", "--jwks", jwks);
        // Then
        assertThat(register("--jwks", jwks)).contains("unchanged:  agency " + agency);
        assertThat(register("--jwks", jwks, "--scopes", "system/Task.r system/Observation.rs?status=final"))
                .contains("updated:    agency " + agency);
        String narrow = "system/Observation.rs?status=final";
        assertThat(request(first)
                        .with("scope", narrow)
                        .send()
                        .claims()
                        .path("scope")
                        .asText())
                .isEqualTo(narrow);
        assertThat(request(first)
                        .with("scope", "system/Patient.rs")
                        .send()
                        .json()
                        .path("error")
                        .asText())
                .isEqualTo("invalid_scope");
        assertThat(register("--jwks", file(ClientKey.setOf(second)))).contains("updated:");
        assertThat(request(first).send().status()).isGreaterThanOrEqualTo(400);
        assertThat(request(second).send().status()).isEqualTo(200);
        refused("is registered already, as agency", "ehr", "--id", agency, "--organization", agency, "--jwks", jwks);
        refused(
                "is registered already, as agency",
                "agency",
                "--id",
                agency,
                "--organization",
                "riverside-clinic",
                "--jwks",
                jwks);
        refused(
                "was not registered by this command",
                "agency",
                "--id",
                "safe-rides",
                "--organization",
                "safe-rides",
                "--jwks",
                jwks);
        refused("--name for a new one", "agency", "--id", agency + "x", "--organization", agency + "x", "--jwks", jwks);
    }

    @Test
    void keysAreReadFromTheClientsUrlAndAnewWhenAnUnknownOneSigns() {
        // Given
        ClientKey first = ClientKey.rsa();
        ClientKey second = ClientKey.ec();
        try (KeySite site = new KeySite(first)) {
            register("--name", "A", "--jwks-url", site.url());
            assertThat(request(first).send().status()).isEqualTo(200);
            // When
            site.publish(second);
            // Then: Keycloak asks a client's site at most every ten seconds.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> request(second).send().status() == 200);
            assertThat(request(first).send().status()).isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void whatIsWrongWithAnAssertionIsRefused() throws IOException {
        // Given
        ClientKey rsa = ClientKey.rsa();
        ClientKey ec = ClientKey.ec();
        ClientKey unknown = new ClientKey(rsa.id(), ClientKey.rsa().pair());
        register("--name", "A", "--jwks", file(ClientKey.setOf(rsa, ec)));
        long now = Instant.now().getEpochSecond();
        assertThat(request(rsa).send().status()).isEqualTo(200);
        assertThat(request(ec).send().status()).isEqualTo(200);
        // Then
        TokenRequest once = request(rsa);
        assertThat(once.send().status()).isEqualTo(200);
        denied("jti used before", once);
        denied("jti missing", request(rsa).claims(claims -> claims.remove("jti")));
        denied("far end", request(rsa).claims(claims -> claims.put("exp", now + 400)));
        denied(
                "far end without iat",
                request(rsa).claims(claims -> claims.put("exp", now + 400).remove("iat")));
        denied("no end", request(rsa).claims(claims -> claims.remove("exp")));
        denied(
                "ended",
                request(rsa).claims(claims -> claims.put("iat", now - 200).put("exp", now - 60)));
        denied("not yet", request(rsa).claims(claims -> claims.put("nbf", now + 120)));
        denied("aud", request(rsa).claims(claims -> claims.put("aud", "https://id.invalid/token")));
        denied("iss", request(rsa).claims(claims -> claims.put("iss", "safe-rides")));
        denied("sub", request(rsa).claims(claims -> claims.put("sub", "safe-rides")));
        denied(
                "unknown client",
                request(rsa).claims(claims -> claims.put("iss", "x").put("sub", "x")));
        denied("other key under the same kid", request(unknown));
        denied("kid missing", request(rsa).header(header -> header.remove("kid")));
        for (String algorithm : List.of("none", "HS256", "RS256", "RS512")) {
            denied(algorithm, request(rsa).header(header -> header.put("alg", algorithm)));
        }
        denied("key in the header", request(unknown).header(header -> header.set("jwk", unknown.jwk())));
        denied(
                "secret",
                TokenRequest.post(
                        endpoint,
                        Map.of("grant_type", "client_credentials", "client_id", agency, "client_secret", agency)));
    }

    /** What the command prints. */
    private String register(String... options) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        registrar(said).register(agencyWith(options));
        return said.toString(StandardCharsets.UTF_8);
    }

    private List<String> agencyWith(String... options) {
        List<String> words = new ArrayList<>(List.of("agency", "--id", agency, "--organization", agency));
        words.addAll(List.of(options));
        return words;
    }

    private Registrar registrar(ByteArrayOutputStream said) {
        return new Registrar(
                platform.realm(),
                platform.fhir(),
                platform.asUsersSeeIt().token("careloop-registrar"),
                new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private void refused(String reason, String... words) {
        assertThatThrownBy(() -> registrar(new ByteArrayOutputStream()).register(List.of(words)))
                .hasMessageContaining(reason);
    }

    private TokenRequest request(ClientKey key) {
        return new TokenRequest(endpoint, agency, key);
    }

    private static void denied(String what, TokenRequest request) {
        denied(what, request.send());
    }

    private static void denied(String what, Answer answer) {
        assertThat(answer.status()).as(what).isIn(400, 401);
        assertThat(answer.json().path("error").asText()).as(what).isIn("invalid_client", "unauthorized_client");
        assertThat(answer.json().has("access_token")).as(what).isFalse();
    }

    private String task(String owner) {
        String patient = "patient-of-" + agency;
        assertThat(platform.raw("riverside-ehr")
                        .send(
                                "PUT",
                                "Patient/" + patient,
                                Map.of(),
                                "{\"resourceType\":\"Patient\",\"id\":\"" + patient + "\"}")
                        .status())
                .isIn(200, 201);
        String body = """
                {"resourceType":"Task","status":"ready","intent":"order","code":{"text":"Visit"},
                 "for":{"reference":"Patient/%s"},"requester":{"reference":"Organization/riverside-clinic"},
                 "authoredOn":"2026-11-27T10:00:00Z","owner":{"reference":"Organization/%s"}}""".formatted(patient, owner);
        RawHttp.Answer answer = platform.raw("riverside-ehr").send("POST", "Task", Map.of(), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return "Task/" + answer.json().path("id").asText();
    }

    private String file(String content) throws IOException {
        Path file = folder.resolve(UUID.randomUUID() + ".json");
        return Files.writeString(file, content).toString();
    }
}
