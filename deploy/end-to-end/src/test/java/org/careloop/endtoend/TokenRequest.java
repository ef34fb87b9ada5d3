package org.careloop.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A request for a token as SMART Backend Services has it; the parts of its assertion can be changed before it is sent.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/backend-services.html">SMART Backend Services</a>
 */
final class TokenRequest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Of what is sent and answered. */
    private static final List<String> SECRET_FIELDS = List.of(
            "access_token", "refresh_token", "id_token", "code", "code_verifier", "client_assertion", "password");

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** What the authorization server answered. */
    record Answer(int status, JsonNode json) {

        String token() {
            if (status != 200) {
                throw new IllegalStateException("no token: " + status + " " + json);
            }
            return json.path("access_token").asText();
        }

        /** What the access token says. */
        JsonNode claims() {
            return claimsOf(token());
        }
    }

    private final String endpoint;
    private final ClientKey key;
    private final ObjectNode header = JsonNodeFactory.instance.objectNode();
    private final ObjectNode claims = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> form = new TreeMap<>();

    TokenRequest(String endpoint, String client, ClientKey key) {
        this.endpoint = endpoint;
        this.key = key;
        header.put("alg", key.algorithm()).put("typ", "JWT").put("kid", key.id());
        long now = Instant.now().getEpochSecond();
        claims.put("iss", client)
                .put("sub", client)
                .put("aud", endpoint)
                .put("iat", now)
                .put("exp", now + 240)
                .put("jti", UUID.randomUUID().toString());
        form.put("grant_type", "client_credentials");
        form.put("client_assertion_type", ASSERTION_TYPE);
    }

    TokenRequest header(Consumer<ObjectNode> change) {
        change.accept(header);
        return this;
    }

    TokenRequest claims(Consumer<ObjectNode> change) {
        change.accept(claims);
        return this;
    }

    TokenRequest with(String field, String value) {
        form.put(field, value);
        return this;
    }

    Answer send() {
        form.put("client_assertion", key.sign(header, claims));
        return post(endpoint, form);
    }

    /** POSTs a form. */
    static Answer post(String url, Map<String, String> form) {
        SECRET_FIELDS.forEach(field -> Told.secret(form.getOrDefault(field, "")));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encode(form)))
                .build();
        try {
            HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
            JsonNode answer = JSON.readTree(response.body());
            SECRET_FIELDS.forEach(field -> Told.secret(answer.path(field).asText()));
            return new Answer(response.statusCode(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** As a form and a query are written. */
    static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** What a token says, whoever signed it. */
    static JsonNode claimsOf(String token) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
