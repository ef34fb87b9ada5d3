package org.careloop.fhirvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** @see <a href="https://confluence.hl7.org/display/FHIR/NPM+Package+Specification">FHIR packages</a> */
class PackagesTest {

    private static final String URL = "http://example.org/StructureDefinition/p";

    @TempDir
    private Path folder;

    @Test
    void listsPackagesAndSingleResources() throws IOException {
        // Given
        pack("b.tgz", manifest("guide.b", "2.0.0"), Map.of("package/StructureDefinition-p.json", profile("2.0.0")));
        pack("a.tgz", manifest("guide.b", "10.0.0"), Map.of("package/StructureDefinition-p.json", profile("10.0.0")));
        Files.createDirectory(folder.resolve("single"));
        Files.writeString(folder.resolve("single/p.json"), profile("3.0.0"));
        Files.writeString(folder.resolve("single/example.json"), "{\"resourceType\":\"Patient\"}");
        // When
        ConformancePackages packages = packages();
        // Then
        assertThat(packages.installed())
                .containsExactly(
                        new ConformancePackages.Installed("guide.b", Optional.of("2.0.0"), 1),
                        new ConformancePackages.Installed("guide.b", Optional.of("10.0.0"), 1),
                        new ConformancePackages.Installed("single", Optional.empty(), 1));
        assertThat(packages.profiles("Patient")).containsExactly(URL + "|2.0.0", URL + "|3.0.0", URL + "|10.0.0");
    }

    @Test
    void aVersionPicksItselfAndNoneTheNewest() throws IOException {
        // Given
        Files.writeString(folder.resolve("old.json"), profile("2.0.0"));
        Files.writeString(folder.resolve("new.json"), profile("10.0.0"));
        Files.writeString(folder.resolve("draft.json"), profile("10.0.0-ballot"));
        // When
        ConformancePackages packages = packages();
        // Then
        assertThat(packages.hasProfile(URL)).isTrue();
        assertThat(packages.hasProfile(URL + "|2.0.0")).isTrue();
        assertThat(packages.hasProfile(URL + "|3.0.0")).isFalse();
        assertThat(packages.resources()
                        .find("StructureDefinition", URL)
                        .getNamedProperty("version")
                        .getValues())
                .singleElement()
                .hasToString("10.0.0");
    }

    @Test
    void withoutAFolderNothingIsInstalled() {
        assertThat(new ConformancePackages(config(Optional.empty())).installed())
                .isEmpty();
    }

    @Test
    void aBrokenPackageStopsTheStartAndIsNamed() throws IOException {
        // Given
        Files.write(folder.resolve("broken.tgz"), new byte[] {1, 2, 3});
        // Then
        assertThatThrownBy(this::packages)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("broken.tgz (expected: a FHIR R4 package)");
    }

    @Test
    void whatIsNoPackageOfR4StopsTheStart() throws IOException {
        // Given
        pack(
                "five.tgz",
                "{\"name\":\"guide.five\",\"version\":\"1.0.0\",\"fhirVersions\":[\"5.0.0\"]}",
                Map.of("package/StructureDefinition-p.json", profile("1.0.0")));
        // Then
        assertThatThrownBy(this::packages).hasMessageContaining("five.tgz (expected: a package of FHIR 4.0)");
    }

    @Test
    void aFolderThatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> new ConformancePackages(config(Optional.of(folder.resolve("none")))))
                .hasMessageContaining("no such folder");
    }

    @Test
    void anUnknownSettingStopsTheStart() {
        assertThatThrownBy(() -> OnWrite.of("sometimes")).hasMessageContaining("(expected: off, claimed or all)");
    }

    @Test
    void settingsHaveTheirDefaults() throws NoSuchMethodException {
        assertThat(FhirValidationConfig.class
                        .getMethod("onWrite")
                        .getAnnotation(io.smallrye.config.WithDefault.class)
                        .value())
                .isEqualTo("claimed");
    }

    private ConformancePackages packages() {
        return new ConformancePackages(config(Optional.of(folder)));
    }

    static FhirValidationConfig config(Optional<Path> packages) {
        return new FhirValidationConfig() {
            @Override
            public Optional<Path> packages() {
                return packages;
            }

            @Override
            public String onWrite() {
                return "claimed";
            }
        };
    }

    private static String manifest(String name, String version) {
        return "{\"name\":\"" + name + "\",\"version\":\"" + version + "\",\"fhirVersions\":[\"4.0.1\"]}";
    }

    private static String profile(String version) {
        return "{\"resourceType\":\"StructureDefinition\",\"url\":\"" + URL + "\",\"version\":\"" + version
                + "\",\"status\":\"draft\",\"fhirVersion\":\"4.0.1\",\"kind\":\"resource\",\"type\":\"Patient\","
                + "\"derivation\":\"constraint\"}";
    }

    private void pack(String name, String manifest, Map<String, String> files) throws IOException {
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(folder.resolve(name))))) {
            add(tar, "package/package.json", manifest);
            add(tar, "package/.index.json", "{}");
            for (Map.Entry<String, String> file : files.entrySet()) {
                add(tar, file.getKey(), file.getValue());
            }
        }
    }

    private static void add(TarArchiveOutputStream tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
