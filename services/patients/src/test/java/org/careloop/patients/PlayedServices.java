package org.careloop.patients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Plays the other services, as far as this one asks them what they hold. The ids tell: {@code of-NAME-...} is shown to the
 * organisation NAME and to the platform alone, {@code down-...} cannot be asked for, all else is nowhere.
 */
final class PlayedServices {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpServer SERVER = start();

    private PlayedServices() {}

    /** The settings by which they are found. */
    static Map<String, String> settings() {
        String address = "http://localhost:" + SERVER.getAddress().getPort();
        return Map.of(
                "careloop.federation.services.care-plans", address,
                "careloop.federation.services.referrals", address,
                "careloop.federation.services.transitions", address);
    }

    private static HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/federation/present", exchange -> {
                JsonNode asked = JSON.readTree(exchange.getRequestBody());
                answer(exchange, present(asked));
            });
            server.createContext("/federation/openers/", exchange -> answer(exchange, Optional.of("[]")));
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("no port", e);
        }
    }

    private static Optional<String> present(JsonNode asked) {
        ObjectNode told = JSON.createObjectNode();
        told.putArray("types").add("Organization").add("Encounter").add("ServiceRequest");
        ArrayNode present = told.putArray("present");
        String organization = asked.path("asker").path("organization").asText();
        boolean platform = asked.path("asker").path("role").asText().equals("SERVICE");
        for (JsonNode reference : asked.path("references")) {
            if (reference.asText().contains("/down-")) {
                return Optional.empty();
            }
            if (reference.asText().contains("/of-") && platform
                    || reference.asText().contains("/of-" + organization + "-")) {
                present.add(reference);
            }
        }
        return Optional.of(told.toString());
    }

    private static void answer(HttpExchange exchange, Optional<String> text) throws IOException {
        byte[] bytes = text.orElse("").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(text.isPresent() ? 200 : 503, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
