package org.careloop.fhirvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.junit.jupiter.api.Test;

/** What implementation guides publish as right must pass. */
class SamplesTest {

    private static final Path ROOT = Path.of(System.getProperty("careloop.root", "../.."));

    @Test
    void takesTheSamplesBesideTheProject() throws IOException {
        // Given
        Path folder = shared().resolve("samples");
        assumeThat(folder)
                .as("samples, expected beside the project in shared/samples")
                .isDirectory();
        // Then
        assertThat(faults(folder)).isEmpty();
    }

    @Test
    void takesTheExamplesOfPublishedPackages() throws IOException {
        // Given
        Path folder = shared().resolve("packages");
        assumeThat(folder)
                .as("packages, expected beside the project in shared/packages")
                .isDirectory();
        // When
        List<String> told = new ArrayList<>();
        int seen = 0;
        try (DirectoryStream<Path> packages = Files.newDirectoryStream(folder, "*.tgz")) {
            for (Path file : packages) {
                try (TarArchiveInputStream tar =
                        new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
                    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                        if (entry.getName().matches("package/(example/)?[A-Z].*\\.json")) {
                            told.addAll(faults(file.getFileName() + " " + entry.getName(), tar.readAllBytes()));
                            seen++;
                        }
                    }
                }
            }
        }
        // Then
        assertThat(seen).isGreaterThan(100);
        assertThat(told).isEmpty();
    }

    @Test
    void takesTheGoldenFilesOfTheProject() throws IOException {
        assertThat(faults(ROOT.resolve("shared-model/event-contracts/src"))).isEmpty();
        assertThat(faults(ROOT.resolve("services"))).isEmpty();
    }

    private static List<String> faults(Path folder) throws IOException {
        List<String> told = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                    .filter(each -> !each.toString().contains("target"))
                    .sorted()
                    .toList()) {
                byte[] json = Files.readAllBytes(file);
                if (new String(json, java.nio.charset.StandardCharsets.UTF_8).contains("\"resourceType\"")) {
                    told.addAll(faults(file.getFileName().toString(), json));
                }
            }
        }
        return told;
    }

    static List<String> faults(String name, byte[] json) {
        try {
            StructureRules.check(FhirJson.parse(json));
            return List.of();
        } catch (FhirProblem problem) {
            return problem.issues().stream()
                    .map(issue -> name + " " + issue.diagnostics())
                    .toList();
        }
    }

    private static Path shared() {
        String given = System.getenv("CARELOOP_SHARED");
        return given != null ? Path.of(given) : ROOT.resolve("../shared");
    }
}
