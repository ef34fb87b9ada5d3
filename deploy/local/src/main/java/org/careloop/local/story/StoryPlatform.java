package org.careloop.local.story;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The platform as its users see it: the gateway's address, the MLLP port, and tokens by name of client or person.
 */
public final class StoryPlatform {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer: its status, its ETag if it has one, its body, JSON where it is. */
    public record Answer(int status, Optional<String> eTag, byte[] bytes) {

        /** The body as JSON; a missing node when it is none. */
        public JsonNode json() {
            try {
                return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
            } catch (IOException e) {
                return MissingNode.getInstance();
            }
        }

        /** The body as text. */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final String gateway;
    private final int mllpPort;
    private final UnaryOperator<String> tokens;
    private final BiConsumer<String, String> witness;
    private final Map<String, Token> known = new ConcurrentHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /**
     * A platform at {@code gateway}, for example {@code http://localhost:8080}.
     *
     * @param tokens returns an access token for a client's or person's name
     */
    public StoryPlatform(String gateway, int mllpPort, UnaryOperator<String> tokens) {
        this(gateway, mllpPort, tokens, (address, body) -> {});
    }

    /**
     * As {@link #StoryPlatform(String, int, UnaryOperator)}.
     *
     * @param witness is told of each request before it is sent: its address and its body, empty when there is none
     */
    public StoryPlatform(
            String gateway, int mllpPort, UnaryOperator<String> tokens, BiConsumer<String, String> witness) {
        this.gateway = gateway;
        this.mllpPort = mllpPort;
        this.tokens = tokens;
        this.witness = witness;
    }

    /** Sends an HL7 v2 message over MLLP and returns its acknowledgement. */
    public String sendMllp(String message) {
        witness.accept("mllp", message);
        return MllpClient.send(mllpPort, message);
    }

    /** GETs {@code path} below {@code /fhir} as {@code who}. */
    public Answer get(String who, String path) {
        return send(request("/fhir/" + path, who).GET(), "");
    }

    /** PUTs a resource, with {@code If-Match} if given. */
    public Answer put(String who, JsonNode resource, Optional<String> ifMatch) {
        String path = resource.path("resourceType").asText() + "/"
                + resource.path("id").asText();
        HttpRequest.Builder request = request("/fhir/" + path, who)
                .header("Content-Type", "application/fhir+json")
                .PUT(BodyPublishers.ofString(resource.toString()));
        ifMatch.ifPresent(version -> request.header("If-Match", version));
        return send(request, resource.toString());
    }

    /** POSTs a new resource. */
    public Answer post(String who, JsonNode resource) {
        return send(
                request("/fhir/" + resource.path("resourceType").asText(), who)
                        .header("Content-Type", "application/fhir+json")
                        .POST(BodyPublishers.ofString(resource.toString())),
                resource.toString());
    }

    /** POSTs a transaction Bundle. */
    public Answer transaction(String who, String bundle) {
        return transaction(who, bundle, Map.of());
    }

    /** As {@link #transaction(String, String)}, with {@code headers} besides. */
    public Answer transaction(String who, String bundle, Map<String, String> headers) {
        HttpRequest.Builder request = request("/fhir", who).header("Content-Type", "application/fhir+json");
        headers.forEach(request::header);
        return send(request.POST(BodyPublishers.ofString(bundle)), bundle);
    }

    /** POSTs an HL7 v2 message with {@code bearer} as the token. */
    public Answer postHl7(String bearer, String message) {
        return send(
                HttpRequest.newBuilder(URI.create(gateway + "/hl7v2"))
                        .timeout(LIMIT)
                        .header("Authorization", "Bearer " + bearer)
                        .header("Content-Type", "application/hl7-v2")
                        .POST(BodyPublishers.ofString(message)),
                message);
    }

    /** Returns a token of {@code who}, asked for anew when the former is about to expire. */
    public String token(String who) {
        return known.compute(
                        who,
                        (ignored, former) -> former == null || !former.isValid() ? Token.of(tokens.apply(who)) : former)
                .text();
    }

    /** A token, and until when it is used. */
    private record Token(String text, Instant until) {

        private static final Duration SPARE = LIMIT;

        static Token of(String text) {
            byte[] claims = Base64.getUrlDecoder().decode(text.split("\\.")[1]);
            long expires = parse(new String(claims, StandardCharsets.UTF_8))
                    .path("exp")
                    .asLong();
            return new Token(text, Instant.ofEpochSecond(expires).minus(SPARE));
        }

        boolean isValid() {
            return Instant.now().isBefore(until);
        }
    }

    /** Reads JSON that the story itself wrote. */
    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the story's own JSON", e);
        }
    }

    private HttpRequest.Builder request(String path, String who) {
        return HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token(who));
    }

    private Answer send(HttpRequest.Builder builder, String body) {
        HttpRequest request = builder.build();
        witness.accept(request.uri().toString(), body);
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers().firstValue("ETag"), response.body());
        } catch (IOException e) {
            throw new StoryFailure("nobody answers at " + gateway, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryFailure("interrupted", e);
        }
    }
}
