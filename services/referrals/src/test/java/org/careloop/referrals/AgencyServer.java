package org.careloop.referrals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;

/** The FHIR server of an agency, with its own authorization server, that can be down, slow, or talk nonsense. */
public class AgencyServer implements QuarkusTestResourceLifecycleManager {

    /** How it answers. */
    enum Mood {
        WELL,
        DOWN,
        SLOW,
        GARBAGE,
        /** Takes no Task. */
        REFUSING,
        /** Does what it is asked, and breaks before it says so. */
        FORGETFUL
    }

    private static final String TOKEN = "token-of-" + UUID.randomUUID();
    private static final Map<String, Task> TASKS = new ConcurrentHashMap<>();
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static volatile Mood mood = Mood.WELL;
    private static volatile String address = "";

    private HttpServer server;

    static String address() {
        return address;
    }

    static void is(Mood next) {
        mood = next;
    }

    static Mood mood() {
        return mood;
    }

    /** How often it was asked. */
    static int calls() {
        return CALLS.get();
    }

    /** The copies of our Task. */
    static List<Task> copiesOf(String task) {
        return TASKS.values().stream()
                .filter(each ->
                        each.getIdentifier().stream().anyMatch(identifier -> task.equals(identifier.getValue())))
                .toList();
    }

    /** What somebody at the agency does with its copy of our Task. */
    static void change(String task, Consumer<Task> change) {
        Task copy = copiesOf(task).getFirst().copy();
        change.accept(copy);
        store(copy);
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
            server.setExecutor(Executors.newCachedThreadPool());
            server.createContext("/token", AgencyServer::token);
            server.createContext("/fhir/", AgencyServer::fhir);
            server.start();
            String root = "http://localhost:" + server.getAddress().getPort();
            address = root + "/fhir";
            return Map.ofEntries(
                    Map.entry("careloop.referrals.direct.interval", "PT0.2S"),
                    Map.entry("careloop.referrals.direct.timeout", "PT1S"),
                    Map.entry("careloop.referrals.direct.servers.sunrise.url", address),
                    Map.entry("careloop.referrals.direct.servers.sunrise.oidc-client", "sunrise"),
                    Map.entry("quarkus.oidc-client.sunrise.discovery-enabled", "false"),
                    Map.entry("quarkus.oidc-client.sunrise.auth-server-url", root),
                    Map.entry("quarkus.oidc-client.sunrise.token-path", "/token"),
                    Map.entry("quarkus.oidc-client.sunrise.client-id", "careloop"),
                    Map.entry("quarkus.oidc-client.sunrise.early-tokens-acquisition", "false"),
                    Map.entry("quarkus.oidc-client.sunrise.credentials.jwt.key-file", key()),
                    Map.entry("quarkus.oidc-client.sunrise.credentials.jwt.signature-algorithm", "RS384"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        server.stop(0);
    }

    private static String key() throws IOException {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
            Path file = Files.createTempFile("agency", ".pem");
            file.toFile().deleteOnExit();
            return Files.writeString(
                            file,
                            "-----BEGIN PRIVATE KEY-----\n"
                                    + Base64.getMimeEncoder()
                                            .encodeToString(pair.getPrivate().getEncoded())
                                    + "\n-----END PRIVATE KEY-----\n")
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("RSA is part of every JDK", e);
        }
    }

    private static void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean signed = form.contains("grant_type=client_credentials") && form.contains("client_assertion=ey");
        answer(
                exchange,
                signed ? 200 : 401,
                "{\"access_token\":\"" + TOKEN + "\",\"token_type\":\"bearer\",\"expires_in\":300}");
    }

    private static void fhir(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        CALLS.incrementAndGet();
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{}");
            return;
        }
        switch (mood) {
            case WELL -> serve(exchange, body);
            case DOWN -> answer(exchange, 503, "");
            case SLOW -> {
                sleep();
                serve(exchange, body);
            }
            case GARBAGE -> answer(exchange, 200, "<html>Welcome</html>");
            case REFUSING -> {
                if (exchange.getRequestMethod().equals("GET")) {
                    serve(exchange, body);
                } else {
                    answer(exchange, 422, "{\"resourceType\":\"OperationOutcome\"}");
                }
            }
            case FORGETFUL -> {
                if (exchange.getRequestMethod().equals("POST")) {
                    store(FhirJson.parse(Task.class, body));
                    answer(exchange, 500, "");
                } else {
                    serve(exchange, body);
                }
            }
        }
    }

    private static void serve(HttpExchange exchange, byte[] body) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "GET" -> search(exchange);
            case "POST" -> answer(exchange, 201, store(FhirJson.parse(Task.class, body)));
            case "PUT" -> {
                Task task = FhirJson.parse(Task.class, body);
                String current = "W/\""
                        + TASKS.get(task.getIdElement().getIdPart()).getMeta().getVersionId() + "\"";
                if (current.equals(exchange.getRequestHeaders().getFirst("If-Match"))) {
                    answer(exchange, 200, store(task));
                } else {
                    answer(exchange, 412, "{}");
                }
            }
            default -> answer(exchange, 405, "{}");
        }
    }

    private static void search(HttpExchange exchange) throws IOException {
        Map<String, String> query = Stream.of(
                        exchange.getRequestURI().getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        Bundle bundle = new Bundle().setType(Bundle.BundleType.SEARCHSET);
        Stream<Task> found = query.containsKey("_id")
                ? Arrays.stream(query.get("_id").split(","))
                        .filter(TASKS::containsKey)
                        .map(TASKS::get)
                : copiesOf(query.get("identifier").split("\\|")[1]).stream();
        found.forEach(task -> bundle.addEntry().setResource(task));
        answer(exchange, 200, bundle);
    }

    private static Task store(Task task) {
        String id = task.hasIdElement()
                ? task.getIdElement().getIdPart()
                : UUID.randomUUID().toString();
        Task known = TASKS.get(id);
        int version = known == null ? 1 : Integer.parseInt(known.getMeta().getVersionId()) + 1;
        Task stored = task.copy();
        stored.setId(id);
        stored.getMeta().setVersionId(Integer.toString(version));
        TASKS.put(id, stored);
        return stored;
    }

    private static void sleep() {
        try {
            Thread.sleep(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, Resource body) throws IOException {
        answer(exchange, status, new String(FhirJson.write(body), StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/fhir+json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
