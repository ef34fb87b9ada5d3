package org.careloop.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * Starts the service with the published FHIR packages that lie beside the project in {@code shared/packages}, where they
 * do. They are not part of the project; tests that need them are skipped without.
 */
public class PublishedPackages implements QuarkusTestResourceLifecycleManager {

    /** Made by Quarkus. */
    public PublishedPackages() {}

    @Override
    public Map<String, String> start() {
        return Files.isDirectory(folder())
                ? Map.of(
                        "careloop.validation.packages",
                        folder().toAbsolutePath().toString())
                : Map.of();
    }

    @Override
    public void stop() {}

    /** Skips the test that calls it when there are none. */
    public static void require() {
        Assumptions.assumeTrue(
                Files.isDirectory(folder()), "no FHIR packages at ../shared/packages of the project's root");
    }

    /** Where they are, if they are there. */
    public static Path folder() {
        String given = System.getenv("CARELOOP_SHARED");
        Path shared =
                given != null ? Path.of(given) : Path.of(System.getProperty("careloop.root", "."), "..", "shared");
        return shared.resolve("packages").normalize();
    }
}
