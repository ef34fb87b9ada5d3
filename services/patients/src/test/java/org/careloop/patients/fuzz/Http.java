package org.careloop.patients.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Requests to the service under test, thousands of them, so without the comfort that costs time. */
final class Http {

    static final ObjectMapper JSON = new ObjectMapper();

    /** What came back; the body is missing when there is none. */
    record Answer(int status, JsonNode body, Optional<String> etag) {

        /** What an answer tells to who was refused, with {@code id} taken out. */
        String told(String id) {
            return status + " " + body.path("issue").toString().replace(id, "ID");
        }
    }

    /** A request; {@code path} is what follows {@code /fhir/}, or begins with a slash; encoded. */
    record Call(String method, String path, String body, String contentType, String... headers) {

        static Call get(String path) {
            return new Call("GET", path, "", "");
        }

        static Call of(String method, String path, String body) {
            return new Call(method, path, body, "application/fhir+json");
        }

        @Override
        public String toString() {
            return method + " " + path + (headers.length == 0 ? "" : " " + String.join(": ", headers)) + " " + body;
        }
    }

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** How many were sent. */
    private final AtomicInteger sent = new AtomicInteger();

    Answer send(String token, Call call) {
        sent.incrementAndGet();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port
                        + (call.path().startsWith("/") ? "" : "/fhir/") + call.path()))
                .header("Authorization", "Bearer " + token);
        if (!call.contentType().isEmpty()) {
            request.header("Content-Type", call.contentType());
        }
        if (call.headers().length > 0) {
            request.headers(call.headers());
        }
        request.method(
                call.method(), call.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(call.body()));
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.body().isEmpty() ? MissingNode.getInstance() : JSON.readTree(response.body()),
                    response.headers().firstValue("ETag"));
        } catch (IOException e) {
            throw new UncheckedIOException(call.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Does {@code work} for all callers at the same time, so that they also get in each other's way. */
    static void atOnce(List<Caller> callers, Consumer<Caller> work) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> running = callers.stream()
                    .map(caller -> CompletableFuture.runAsync(() -> work.accept(caller), threads))
                    .toList();
            running.forEach(CompletableFuture::join);
        }
    }

    int sent() {
        return sent.get();
    }
}
