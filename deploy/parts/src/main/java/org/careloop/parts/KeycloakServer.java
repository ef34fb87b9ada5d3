package org.careloop.parts;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The server process of one installation. */
final class KeycloakServer {

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(3);

    private KeycloakServer() {}

    static Program program(Path home, Path log, int port, Map<String, String> environment, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "start",
                "--optimized",
                "--cache=local",
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname=http://localhost:" + port,
                "--log-level=warn,org.keycloak.services:info"));
        arguments.addAll(List.of(more));
        List<String> options = List.of("-Xms64m", "-Xmx288m", "-XX:MaxMetaspaceSize=192m");
        Map<String, String> all = new HashMap<>(environment);
        // Used when the master realm is created, and then no more.
        all.put("KC_BOOTSTRAP_ADMIN_USERNAME", "admin");
        all.put("KC_BOOTSTRAP_ADMIN_PASSWORD", "local-only-admin");
        return new Program(
                "Keycloak", KeycloakDistribution.command(home, options, arguments), all, home, log, StopSignal.TERM);
    }

    static void awaitReady(RunningProgram program, int port, Duration limit) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(REQUEST_LIMIT).build()) {
            HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                    .timeout(REQUEST_LIMIT)
                    .build();
            program.awaitReady(
                    limit,
                    () -> client.send(health, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
    }
}
