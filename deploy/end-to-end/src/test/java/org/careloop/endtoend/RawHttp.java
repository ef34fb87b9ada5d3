package org.careloop.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Any request to the platform's FHIR base, with one token or none; nothing is encoded, checked or followed. */
final class RawHttp {

    /** The content type of FHIR JSON. */
    static final String FHIR_JSON = "application/fhir+json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What came back. */
    record Answer(int status, Map<String, String> headers, String text) {

        /** The body as JSON; a missing node when it is none. */
        JsonNode json() {
            try {
                return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
            } catch (IOException e) {
                return MissingNode.getInstance();
            }
        }

        /** A header by its name in lower case; empty when there is none. */
        String header(String name) {
            return Optional.ofNullable(headers.get(name)).orElse("");
        }
    }

    private final String base;
    private final Optional<String> token;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    RawHttp(String base, Optional<String> token) {
        this.base = base;
        this.token = token;
        token.ifPresent(Told::secret);
    }

    /** GETs what follows the base URL. */
    Answer get(String path) {
        Told.request(path, "");
        return send("GET", path, Map.of(), BodyPublishers.noBody());
    }

    /** Sends {@code body}, FHIR JSON unless {@code headers} say otherwise; an empty one is none. */
    Answer send(String method, String path, Map<String, String> headers, String body) {
        Told.request(path, body);
        return send(method, path, headers, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }

    /** Sends {@code body} as it is. */
    Answer send(String method, String path, Map<String, String> headers, byte[] body) {
        Told.request(path, new String(body, StandardCharsets.UTF_8));
        return send(method, path, headers, BodyPublishers.ofByteArray(body));
    }

    private Answer send(String method, String path, Map<String, String> headers, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        if (body.contentLength() != 0 && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", FHIR_JSON);
        }
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    response.headers().map().entrySet().stream()
                            .collect(Collectors.toMap(
                                    each -> each.getKey().toLowerCase(Locale.ROOT),
                                    each -> String.join(", ", each.getValue()))),
                    new String(response.body(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
