package org.careloop.calleraccess;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * Refuses to start with the secrets of the local platform, which everybody can read in its realm file, where clients come from
 * other machines.
 */
@Singleton
class PublicSecrets {

    /** How they all begin, see {@code deploy/keycloak}. */
    private static final String PUBLIC = "local-only";

    private static final String BASE_URL = "careloop.fhir.base-url";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    PublicSecrets() {}

    void refuse(@Observes StartupEvent event, Config config) {
        List<String> found = misplaced(name -> config.getOptionalValue(name, String.class));
        if (!found.isEmpty()) {
            throw new IllegalStateException("secrets that are public, at an address of the network: "
                    + String.join(", ", found) + " (expected: own random values)");
        }
    }

    /** Returns the settings whose values are public, unless clients use an address of this machine alone. */
    static List<String> misplaced(Function<String, Optional<String>> settings) {
        if (settings.apply(BASE_URL)
                .map(URI::create)
                .map(URI::getHost)
                .filter(THIS_MACHINE::contains)
                .isPresent()) {
            return List.of();
        }
        return Stream.of(
                        "careloop.client.secret",
                        "careloop.database.password",
                        "careloop.page-links.key",
                        "careloop.page-links.previous-key")
                .filter(name -> settings.apply(name)
                        .filter(value -> value.startsWith(PUBLIC))
                        .isPresent())
                .toList();
    }
}
