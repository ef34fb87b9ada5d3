package org.careloop.local.registration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.careloop.local.Refusal;

/** Calls of a JSON API below {@code base} with one access token. */
record JsonCalls(String base, String token, String contentType) {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** What came back; a missing node for what is no JSON. */
    record Answer(int status, JsonNode json) {

        /** Refuses to go on unless the status is one of {@code statuses}; {@code what} was asked for. */
        Answer expect(String what, Integer... statuses) {
            if (List.of(statuses).contains(status)) {
                return this;
            }
            String reason = json.path("errorMessage").asText(json.path("error").asText());
            String outcome = json.at("/issue/0/diagnostics").asText(reason);
            throw new Refusal(what + ": refused with status " + status + (outcome.isEmpty() ? "" : ", " + outcome));
        }
    }

    Answer send(String method, String path) {
        return send(method, path, BodyPublishers.noBody());
    }

    Answer send(String method, String path, JsonNode body, String... headers) {
        return send(method, path, BodyPublishers.ofString(body.toString()), headers);
    }

    private Answer send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .method(method, body);
        if (body.contentLength() != 0) {
            request.header("Content-Type", contentType);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), parse(response.body()));
        } catch (IOException e) {
            throw new Refusal("nobody answers at " + base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted while asking " + base, e);
        }
    }

    private static JsonNode parse(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException _) {
            return MissingNode.getInstance();
        }
    }
}
