package org.careloop.parts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the project lies on this machine. */
public final class ProjectRoot {

    private ProjectRoot() {}

    /**
     * Returns the project's root: system property {@code careloop.root}, else environment variable {@code
     * CARELOOP_ROOT}, else the nearest folder from the working directory upwards that holds {@code .mvn}.
     *
     * @throws PartFailure when there is none
     */
    public static Path find() {
        return Stream.of(System.getProperty("careloop.root"), System.getenv("CARELOOP_ROOT"))
                .filter(ProjectRoot::isGiven)
                .findFirst()
                .map(Path::of)
                .or(ProjectRoot::above)
                .map(root -> root.toAbsolutePath().normalize())
                .orElseThrow(() -> new PartFailure(
                        "the project's root was not found (expected: the working directory inside the project, "
                                + "or CARELOOP_ROOT set)"));
    }

    private static boolean isGiven(@Nullable String value) {
        return value != null && !value.isBlank();
    }

    private static Optional<Path> above() {
        return Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
                .filter(path -> Files.isDirectory(path.resolve(".mvn")))
                .findFirst();
    }
}
