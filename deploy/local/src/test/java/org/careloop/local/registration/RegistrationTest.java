package org.careloop.local.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.careloop.local.Refusal;
import org.careloop.parts.ProjectRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before anything is done; that a registration works is shown on the whole platform. */
class RegistrationTest {

    private static final String RSA = """
            {"kty":"RSA","kid":"a","alg":"RS384","use":"sig","e":"AQAB","n":"%s"}""".formatted(modulus(2048));

    @TempDir
    Path folder;

    @Test
    void readsWhatIsToBeRegistered() throws IOException {
        Registration registration = parse("hospital", "--jwks", set(RSA), "--name", "North Hospital");

        assertThat(registration.kind()).isEqualTo(Kind.HOSPITAL);
        assertThat(registration.client()).isEqualTo("x");
        assertThat(registration.organization()).isEqualTo("o");
        assertThat(registration.name()).contains("North Hospital");
        assertThat(registration.scopes()).containsExactly("hl7v2.send", "system/Patient.rs", "system/Encounter.rs");
        assertThat(registration.keys().attributes())
                .containsEntry("use.jwks.string", "true")
                .hasEntrySatisfying("jwks.string", keys -> assertThat(keys).contains("\"kid\":\"a\""));
    }

    /** What the rules open to agencies, by type, and nothing beyond it. */
    @Test
    void anAgencyGetsByItselfTheScopesForAllThatTheAccessRulesOpenToIt() throws IOException {
        Map<String, Set<Character>> opened = new TreeMap<>();
        for (String service : List.of("patients", "care-plans", "referrals", "transitions")) {
            PartnerRules.of(service)
                    .forEach((type, letters) ->
                            opened.computeIfAbsent(type, _ -> new TreeSet<>()).addAll(letters));
        }
        List<String> expected = opened.entrySet().stream()
                .map(entry -> "system/" + entry.getKey() + "."
                        + "cruds"
                                .chars()
                                .filter(letter -> entry.getValue().contains((char) letter))
                                .mapToObj(Character::toString)
                                .collect(Collectors.joining()))
                .toList();

        assertThat(expected).contains("system/Task.rus", "system/Condition.rs", "system/Encounter.rs");
        assertThat(parse("agency", "--jwks", set(RSA)).scopes()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theAgenciesOfTheLocalPlatformHaveTheSameScopesAndTheRealmHasThemAll() throws IOException {
        JsonNode realm = new ObjectMapper()
                .readTree(ProjectRoot.find()
                        .resolve("deploy/keycloak/careloop-realm.json")
                        .toFile());
        List<JsonNode> agencies = StreamSupport.stream(realm.path("clients").spliterator(), false)
                .filter(client -> client.findValuesAsText("claim.value").contains("partner"))
                .toList();

        assertThat(agencies)
                .hasSize(3)
                .allSatisfy(agency -> assertThat(words(agency.path("defaultClientScopes")))
                        .filteredOn(scope -> !scope.equals("careloop"))
                        .containsExactlyElementsOf(Kind.AGENCY.scopes()));
        assertThat(realm.path("clientScopes").findValuesAsText("name")).containsAll(Kind.AGENCY.scopes());
    }

    private static List<String> words(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            system/*.cruds | ehr
            system/Task.rus system/Observation.rs?category=laboratory | agency
            system/Task.read system/Task.write system/*.* | agency
            hl7v2.send system/Encounter.rs | hospital
            """)
    void takesScopesOfSystems(String scopes, String kind) {
        assertThat(parse(kind, "--jwks-url", "https://example.org/keys", "--scopes", scopes)
                        .scopes())
                .containsExactly(scopes.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            user/*.cruds | ehr
            patient/*.rs | agency
            hl7v2.send | agency
            openid | ehr
            system/Task.sur | agency
            system/Task. | agency
            system/task.r | agency
            """)
    void refusesScopesOfPeopleAndWhatIsNone(String scope, String kind) {
        refused(
                "--scopes: " + scope + " is none of",
                kind,
                "--jwks-url",
                "https://example.org/keys",
                "--scopes",
                scope);
    }

    @Test
    void refusesWordsThatAreNoRegistration() throws IOException {
        String keys = set(RSA);
        refused("unknown kind (expected one of: hospital, ehr, agency)", "bank", "--jwks", keys);
        refused("keys: none, or by URL and by value", "ehr");
        refused("keys: none, or by URL and by value", "ehr", "--jwks", keys, "--jwks-url", "https://example.org/k");
        refused("unknown option --key", "ehr", "--key", keys);
        refused("--name: no value", "ehr", "--jwks", keys, "--name");
        refused("--jwks: given twice", "ehr", "--jwks", keys, "--jwks", keys);
        assertThatThrownBy(() -> Registration.parse(List.of("ehr", "--id", "careloop-x", "--organization", "o")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("is for the platform's own parts");
        assertThatThrownBy(() -> Registration.parse(List.of("ehr", "--id", "a b", "--organization", "o")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--id: missing or not well formed");
    }

    @Test
    void refusesUrlsOfKeysThatOthersCouldAnswer() {
        refused("expected: https URL", "ehr", "--jwks-url", "http://example.org/keys");
        refused("expected: https URL", "ehr", "--jwks-url", "file:///etc/keys");
        refused("expected: https URL", "ehr", "--jwks-url", "https:keys");
        refused("expected: https URL", "ehr", "--jwks-url", ":");
        assertThat(parse("ehr", "--jwks-url", "http://localhost:9/keys").keys().attributes())
                .containsEntry("jwks.url", "http://localhost:9/keys");
    }

    @Test
    void refusesKeysThatSmartCannotUseAndThatAreNotPublic() throws IOException {
        refused("cannot be read", "ehr", "--jwks", folder.resolve("none.json").toString());
        refused("no keys", "ehr", "--jwks", file("{\"keys\":[]}"));
        refused("no keys", "ehr", "--jwks", file(RSA));
        refused("a private or secret key", "ehr", "--jwks", set(RSA.replace("\"e\":", "\"d\":\"AQAB\",\"e\":")));
        refused("a private or secret key", "ehr", "--jwks", set("{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AQAB\"}"));
        refused("kid is missing or not unique", "ehr", "--jwks", set(RSA + "," + RSA));
        refused("kid is missing or not unique", "ehr", "--jwks", set(RSA.replace("\"kid\":\"a\",", "")));
        refused("key a cannot be used", "ehr", "--jwks", set(RSA.replace(modulus(2048), modulus(1024))));
        refused("key a cannot be used", "ehr", "--jwks", set(RSA.replace("RS384", "RS256")));
        refused("key a cannot be used", "ehr", "--jwks", set(RSA.replace("\"sig\"", "\"enc\"")));
        refused(
                "key a cannot be used",
                "ehr",
                "--jwks",
                set("{\"kty\":\"EC\",\"kid\":\"a\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\"}"));
    }

    private static Registration parse(String kind, String... more) {
        List<String> words = new ArrayList<>(List.of(kind, "--id", "x", "--organization", "o"));
        words.addAll(List.of(more));
        return Registration.parse(words);
    }

    private static void refused(String reason, String kind, String... more) {
        assertThatThrownBy(() -> parse(kind, more)).isInstanceOf(Refusal.class).hasMessageContaining(reason);
    }

    private String set(String keys) throws IOException {
        return file("{\"keys\":[" + keys + "]}");
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("keys.json"), content).toString();
    }

    private static String modulus(int bits) {
        byte[] bytes = BigInteger.ONE.shiftLeft(bits - 1).toByteArray();
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOfRange(bytes, bytes.length - bits / 8, bytes.length));
    }
}
