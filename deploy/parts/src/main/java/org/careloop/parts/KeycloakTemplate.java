package org.careloop.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A database with Keycloak's schema and its master realm, made once: to make it takes longer than all else of a start.
 */
final class KeycloakTemplate {

    private static final Duration LIMIT = Duration.ofSeconds(180);

    private KeycloakTemplate() {}

    /** Makes the database for the built {@code distribution}, in place of an earlier one. */
    static void create(Path distribution) throws IOException {
        Path home = home(distribution);
        FileTree.delete(home);
        KeycloakDistribution.linkInto(distribution, home);
        int port = FreePorts.one(0);
        Program server = KeycloakServer.program(home, home.resolve("keycloak.log"), port, Map.of());
        try (RunningProgram running = RunningProgram.start(server, Lifetime.WITH_PARENT)) {
            KeycloakServer.awaitReady(running, port, LIMIT);
        }
    }

    /** Where the files of the database lie. */
    static Path database(Path distribution) {
        return home(distribution).resolve("data/h2");
    }

    /** Copies the files of the database into the folder {@code target}, which is not there yet. */
    static void copy(Path database, Path target) throws IOException {
        Files.createDirectory(target);
        try (var files = Files.newDirectoryStream(database)) {
            for (Path file : files) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    private static Path home(Path distribution) {
        return distribution.resolve("careloop-template");
    }
}
