package org.careloop.local.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.careloop.local.Refusal;

/** Where the authorization server finds a client's public keys, as attributes of Keycloak's client. */
record ClientKeys(Map<String, String> attributes) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Parameters of private and of secret keys. */
    private static final Set<String> SECRET = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private static final int SHORTEST_MODULUS = 256;

    /** The keys that the client publishes itself; it may change them at any time. */
    static ClientKeys at(String url) {
        URI parsed;
        try {
            parsed = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new Refusal("--jwks-url: not well formed (expected: https URL)", e);
        }
        boolean safe = "https".equals(parsed.getScheme()) && parsed.getHost() != null
                || "http".equals(parsed.getScheme()) && THIS_MACHINE.contains(String.valueOf(parsed.getHost()));
        if (!safe) {
            throw new Refusal("--jwks-url: not safe (expected: https URL)");
        }
        return new ClientKeys(Map.of("use.jwks.url", "true", "jwks.url", url, "use.jwks.string", "false"));
    }

    /** The keys in the file {@code name}, a JWK Set; refuses what SMART cannot use, and a key that is not public. */
    static ClientKeys in(String name) {
        JsonNode set;
        try {
            set = JSON.readTree(Path.of(name).toFile());
        } catch (IOException e) {
            throw new Refusal("--jwks: " + name + " cannot be read (expected: JWK Set in JSON)", e);
        }
        JsonNode keys = set.path("keys");
        if (!keys.isArray() || keys.isEmpty()) {
            throw new Refusal("--jwks: no keys (expected: JWK Set, an object with keys)");
        }
        Set<String> ids = new HashSet<>();
        keys.forEach(key -> {
            check(key, ids);
            complete((ObjectNode) key);
        });
        return new ClientKeys(
                Map.of("use.jwks.string", "true", "jwks.string", set.toString(), "use.jwks.url", "false"));
    }

    private static void check(JsonNode key, Set<String> ids) {
        if (SECRET.stream().anyMatch(key::has)) {
            throw new Refusal("--jwks: a private or secret key (expected: public keys alone; take a new pair,"
                    + " this one has been shown)");
        }
        String id = key.path("kid").asText();
        if (id.isEmpty() || !ids.add(id)) {
            throw new Refusal("--jwks: kid is missing or not unique (expected: one of its own for each key)");
        }
        if (!isUsable(key)) {
            throw new Refusal("--jwks: key " + id + " cannot be used (expected: RSA of at least 2048 bits for RS384,"
                    + " or EC on P-384 for ES384)");
        }
    }

    /** Keycloak overlooks a key by value that does not tell its use, and takes other algorithms when it tells none. */
    private static void complete(ObjectNode key) {
        key.put("use", "sig").put("alg", key.path("kty").asText().equals("RSA") ? "RS384" : "ES384");
    }

    private static boolean isUsable(JsonNode key) {
        String algorithm = key.path("alg").asText();
        boolean signs = key.path("use").asText("sig").equals("sig");
        return switch (key.path("kty").asText()) {
            case "RSA" ->
                signs
                        && Set.of("", "RS384").contains(algorithm)
                        && length(key.path("n")) >= SHORTEST_MODULUS
                        && length(key.path("e")) > 0;
            case "EC" ->
                signs
                        && Set.of("", "ES384").contains(algorithm)
                        && key.path("crv").asText().equals("P-384")
                        && length(key.path("x")) > 0
                        && length(key.path("y")) > 0;
            default -> false;
        };
    }

    /** In bytes; 0 for what is not base64url. */
    private static int length(JsonNode number) {
        try {
            return Base64.getUrlDecoder().decode(number.asText()).length;
        } catch (IllegalArgumentException _) {
            return 0;
        }
    }
}
