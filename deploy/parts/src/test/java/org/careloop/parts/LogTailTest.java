package org.careloop.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    @TempDir
    Path folder;

    @Test
    void showsTheEndAndTheErrorsBeforeIt() throws IOException {
        // Given
        Path log = folder.resolve("program.log");
        String noise = IntStream.range(0, 40).mapToObj(each -> "noise " + each).collect(Collectors.joining("\n"));
        Files.writeString(log, "started\nERROR the reason\n" + noise);
        // When
        String tail = LogTail.of(log);
        // Then
        assertThat(tail)
                .startsWith("    ERROR the reason\n    noise 15\n")
                .endsWith("noise 39\n")
                .doesNotContain("started");
    }
}
