package org.careloop.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.Outcomes;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.FederatedHistory;
import org.careloop.fhirsearch.FederatedPage;
import org.careloop.fhirsearch.FederatedSearch;
import org.careloop.fhirsearch.HistoryRequest;
import org.careloop.fhirsearch.SearchRequest;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;

/**
 * Plays the four services: tells in headers who was asked for what ({@code Seen-...}), and answers with the request's own
 * body. A path that ends in {@code gzip} is answered with fixed bytes that say that they are compressed.
 */
public final class FakeServices implements QuarkusTestResourceLifecycleManager {

    static final List<String> NAMES = List.of("patients", "care-plans", "referrals", "transitions");
    static final byte[] COMPRESSED = {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3, 0, (byte) 0xff};

    private static final Map<String, HttpServer> SERVERS = new ConcurrentHashMap<>();
    private static final AtomicInteger REQUESTS = new AtomicInteger();
    private static final Map<String, FederatedSearch> SEARCHES = new ConcurrentHashMap<>();
    private static volatile String closedType = "";
    private static volatile String foundType = "";
    private static volatile String part = "";
    private static final List<String> REFUSED = new CopyOnWriteArrayList<>();
    private static volatile boolean keepsRefusals = true;

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>();
        settings.put("careloop.gateway.capability-age", "1ms");
        settings.put("careloop.gateway.rate-limit.clients.flooder", "1");
        settings.put("careloop.gateway.cors-origins", "https://app.example.org");
        for (String name : NAMES) {
            HttpServer server = serve(name, 0);
            settings.put(
                    "careloop." + name + ".url",
                    "http://localhost:" + server.getAddress().getPort());
        }
        return settings;
    }

    @Override
    public void stop() {
        SERVERS.values().forEach(server -> server.stop(0));
    }

    /** The reports of what the gateway refused, so far. */
    static List<String> refused() {
        return REFUSED;
    }

    /** Runs {@code scene} while no service takes such reports. */
    static void withoutTrail(Runnable scene) {
        keepsRefusals = false;
        try {
            scene.run();
        } finally {
            keepsRefusals = true;
        }
    }

    /** Requests that reached any service so far. */
    static int requests() {
        return REQUESTS.get();
    }

    /** Runs {@code scene} while {@code name} does not listen. */
    static void without(String name, Runnable scene) {
        HttpServer server = SERVERS.get(name);
        int port = server.getAddress().getPort();
        server.stop(0);
        try {
            scene.run();
        } finally {
            serve(name, port);
        }
    }

    private static HttpServer serve(String name, int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), port), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> answer(name, exchange));
            server.createContext("/fhir/metadata", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", FhirJson.MEDIA_TYPE);
                send(exchange, 200, statement(name));
            });
            server.createContext("/federation/", exchange -> send(exchange, 404, new byte[0]));
            server.createContext("/federation/refusals", exchange -> {
                REFUSED.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                send(exchange, keepsRefusals ? 204 : 503, new byte[0]);
            });
            server.createContext("/federation/transactions/", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                part = body.isEmpty() ? part : body;
                send(exchange, 422, Outcomes.json(new FhirProblem(ProblemCode.RULE_VIOLATED, "refused")));
            });
            server.createContext("/federation/search", exchange -> federated(name, exchange));
            server.createContext("/federation/history", exchange -> history(name, exchange));
            server.start();
            SERVERS.put(name, server);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each service has three versions, and their times alternate with those of the others. */
    private static void history(String name, HttpExchange exchange) throws IOException {
        HistoryRequest asked = FederatedHistory.asked(exchange.getRequestBody().readAllBytes());
        List<FederatedHistory.Entry> entries = new ArrayList<>();
        StringBuilder bytes = new StringBuilder();
        boolean more = false;
        for (int version = 3; version > 0; version--) {
            HistoryRequest.Cursor place = new HistoryRequest.Cursor(version * 1000L + NAMES.indexOf(name), 1, version);
            if (asked.cursor().isPresent() && !isBefore(place, asked.cursor().get())) {
                continue;
            }
            if (entries.size() == asked.count()) {
                more = true;
                break;
            }
            String entry = "{\"fullUrl\":\"" + name + "/" + version + "\"}";
            entries.add(new FederatedHistory.Entry(place, entry.length()));
            bytes.append(entry);
        }
        send(
                exchange,
                200,
                bytes(new String(new FederatedHistory(more, entries).toLine(), StandardCharsets.UTF_8) + bytes));
    }

    private static boolean isBefore(HistoryRequest.Cursor one, HistoryRequest.Cursor other) {
        return one.changedMicros() != other.changedMicros()
                ? one.changedMicros() < other.changedMicros()
                : one.row() != other.row() ? one.row() < other.row() : one.version() < other.version();
    }

    private static void answer(String name, HttpExchange exchange) throws IOException {
        REQUESTS.incrementAndGet();
        Headers headers = exchange.getResponseHeaders();
        headers.set("Seen-Service", name);
        headers.set("Seen-Method", exchange.getRequestMethod());
        headers.set("Seen-Uri", exchange.getRequestURI().toString());
        for (String header : List.of(
                "If-Match",
                "If-None-Exist",
                "Content-Type",
                "Accept",
                "Prefer",
                "Authorization",
                "X-Correlation-Id",
                "Traceparent")) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                headers.set("Seen-" + header, value);
            }
        }
        headers.set("ETag", "W/\"7\"");
        headers.set("Location", "http://localhost:8080/fhir/Patient/1/_history/7");
        headers.set("Last-Modified", "Sat, 07 Mar 2026 20:00:00 GMT");
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        headers.set("Content-Type", type == null ? FhirJson.MEDIA_TYPE : type);
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestURI().getPath().endsWith("gone")) {
            send(exchange, 410, Outcomes.json(new FhirProblem(ProblemCode.RESOURCE_GONE, "Patient: deleted")));
            return;
        }
        if (exchange.getRequestURI().getPath().endsWith("gzip")) {
            headers.set("Content-Encoding", "gzip");
            body = COMPRESSED;
        }
        send(exchange, exchange.getRequestMethod().equals("POST") ? 201 : 200, body);
    }

    /** Finds nothing but what its test lets it, and remembers what was asked; refuses who asks for the type that its test closed. */
    private static void federated(String name, HttpExchange exchange) throws IOException {
        FederatedSearch search = FederatedSearch.parse(exchange.getRequestBody().readAllBytes());
        SEARCHES.put(name, search);
        if (search.request().types().contains(closedType)) {
            send(exchange, 403, Outcomes.json(new FhirProblem(ProblemCode.FORBIDDEN, "closed")));
        } else if (search.request().types().contains(foundType)) {
            send(exchange, 200, found(foundType));
        } else {
            send(exchange, 200, FederatedPage.ofKeys(Set.of()).toLine());
        }
    }

    private static byte[] found(String type) {
        String entry = "{\"resource\":{\"resourceType\":\"" + type + "\",\"id\":\"found\"}}";
        FederatedPage page = new FederatedPage(
                OptionalLong.empty(),
                false,
                List.of(new FederatedPage.Entry(
                        type, "found", 1, true, new SearchRequest.Cursor(1, 1), entry.length())),
                Set.of(),
                Map.of());
        return bytes(new String(page.toLine(), StandardCharsets.UTF_8) + entry);
    }

    /** Runs {@code scene} while every search of {@code type} finds one. */
    static void withFound(String type, Runnable scene) {
        foundType = type;
        try {
            scene.run();
        } finally {
            foundType = "";
        }
    }

    /** The last entries of a transaction that a service was asked to prepare or to decide, which all refuse. */
    static String part() {
        return part;
    }

    /** The federated searches since the last call, by service. */
    static Map<String, FederatedSearch> searches() {
        Map<String, FederatedSearch> seen = Map.copyOf(SEARCHES);
        SEARCHES.clear();
        return seen;
    }

    /** Runs {@code scene} while nothing of {@code type} is open to anybody. */
    static void withClosed(String type, Runnable scene) {
        closedType = type;
        try {
            scene.run();
        } finally {
            closedType = "";
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static byte[] statement(String name) {
        CapabilityStatement statement = new CapabilityStatement();
        statement.addRest().setMode(RestfulCapabilityMode.SERVER).addResource().setType(firstType(name));
        return FhirJson.write(statement);
    }

    static String firstType(String service) {
        return switch (service) {
            case "patients" -> "Patient";
            case "care-plans" -> "CarePlan";
            case "referrals" -> "Task";
            default -> "Encounter";
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
