package org.careloop.fhirvalidation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** To make the file anew, after an update of HAPI: run this with {@code CARELOOP_WRITE_DEFINITIONS=1}. */
class DefinitionsTextTest {

    private static final Path FILE =
            Path.of("src", "main", "resources", "org", "careloop", "fhirvalidation", "r4-structures.txt");

    @Test
    void theShippedTextIsWhatTheDefinitionsSay() throws IOException {
        // When
        String made = new DefinitionsText().write();
        // Then
        if (System.getenv("CARELOOP_WRITE_DEFINITIONS") != null) {
            Files.writeString(FILE, made);
        }
        assertThat(made.equals(Files.readString(FILE))).as("equal to " + FILE).isTrue();
    }
}
