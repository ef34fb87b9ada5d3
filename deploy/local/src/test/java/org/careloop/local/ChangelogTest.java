package org.careloop.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.parts.ProjectRoot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** A file for each change that users see: a release is made of them. */
class ChangelogTest {

    private static final Path CHANGES = ProjectRoot.find().resolve("docs/changelog/unreleased");
    private static final Set<String> TYPES = Set.of("added", "changed", "fixed", "security");

    static Stream<Path> changes() throws IOException {
        return Files.list(CHANGES).filter(file -> file.toString().endsWith(".yaml"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void tellsWhatHasChangedWhere(Path file) throws IOException {
        Map<String, String> change = new Yaml().load(Files.readString(file));
        assertThat(change).containsOnlyKeys("type", "scope", "text");
        assertThat(change.get("type")).isIn(TYPES);
        assertThat(change.get("scope")).isNotBlank();
        assertThat(change.get("text")).isNotBlank();
    }
}
