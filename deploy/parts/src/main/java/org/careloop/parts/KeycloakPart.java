package org.careloop.parts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A Keycloak on 127.0.0.1 with one realm, whose file is the truth: when the file has changed since it was imported,
 * the data of the earlier import is dropped and the file imported anew.
 *
 * <p>The administrator of its master realm is {@code admin} with password {@code local-only-admin}.
 */
public final class KeycloakPart extends Part {

    private static final Duration START_LIMIT = Duration.ofSeconds(120);

    private KeycloakPart(RunningProgram program, int port) {
        super(program, port);
    }

    /**
     * Starts Keycloak for as long as this JVM lives and waits until it serves the realm.
     *
     * @param folder keeps its data and log; the data of an earlier run there is used on
     * @param port where to listen; 0 takes a free one
     * @param realmFile the realm as Keycloak exports it, with {@code ${NAME:default}} for values from the environment
     * @throws PartFailure when it does not start within 120 seconds, or rejects the file
     */
    public static KeycloakPart start(Path folder, int port, Path realmFile) {
        return ready(launch(folder, port, realmFile, Map.of(), Lifetime.WITH_PARENT), START_LIMIT);
    }

    /** Starts Keycloak like {@link #start}, with {@code environment} beside that of this JVM, but does not wait for it. */
    public static KeycloakPart launch(
            Path folder, int port, Path realmFile, Map<String, String> environment, Lifetime lifetime) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            int chosen = FreePorts.one(port);
            Path home = absolute.resolve("home");
            Path distribution = KeycloakDistribution.provide();
            KeycloakDistribution.linkInto(distribution, home);
            KeycloakRealmFile.prepareImport(realmFile, home.resolve("data"), KeycloakTemplate.database(distribution));
            Path log = absolute.resolve("keycloak.log");
            Program program = KeycloakServer.program(home, log, chosen, environment, "--import-realm");
            return new KeycloakPart(RunningProgram.start(program, lifetime), chosen);
        } catch (IOException e) {
            throw new PartFailure("Keycloak cannot be prepared in " + absolute, e);
        }
    }

    /** Does once what costs the first start some 40 seconds; for a build that wants its first start quick. */
    public static void prepare() {
        KeycloakDistribution.provide();
    }

    /** The base of its addresses, {@code http://localhost:<port>}; tokens name it as part of their issuer. */
    public String url() {
        return "http://localhost:" + port();
    }

    @Override
    public void awaitReady(Duration limit) {
        KeycloakServer.awaitReady(program(), port(), limit);
    }
}
