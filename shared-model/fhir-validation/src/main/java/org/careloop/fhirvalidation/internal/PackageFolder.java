package org.careloop.fhirvalidation.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads a folder of packages, and what the platform itself defines.
 *
 * @see <a href="https://confluence.hl7.org/display/FHIR/NPM+Package+Specification">FHIR packages</a>
 */
public final class PackageFolder {

    /** One package, or the single resources of one folder. */
    public record Found(String name, Optional<String> version, int canonicals) {}

    private static final int DEEPEST = 4;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern RESOURCE = Pattern.compile("package/[^/]+\\.json");
    private static final String MANIFEST = "package/package.json";
    private static final Set<String> TYPES =
            Set.of("StructureDefinition", "ValueSet", "CodeSystem", "ImplementationGuide");
    private static final Set<String> TOLD =
            Set.of("resourceType", "url", "version", "type", "kind", "derivation", "fhirVersion");

    private static final String OWN = "careloop-terminology.json";

    private final PackedResources resources = new PackedResources();
    private final List<Found> installed = new ArrayList<>();

    /** Reads everything in {@code folder} and below; fails with {@link IllegalStateException} that names the file. */
    public void read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException("careloop.validation.packages: no such folder: " + folder);
        }
        Map<Path, Integer> loose = new HashMap<>();
        for (Path file : files(folder)) {
            try {
                if (file.toString().endsWith(".tgz")) {
                    installed.add(readPackage(file));
                } else {
                    loose.merge(file.getParent(), add(Files.readAllBytes(file)), Integer::sum);
                }
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalStateException(
                        "careloop.validation.packages: cannot be read: " + file + " (expected: "
                                + (e instanceof IllegalArgumentException ? e.getMessage() : "a FHIR R4 package") + ")",
                        e);
            }
        }
        loose.forEach(
                (parent, count) -> installed.add(new Found(parent.getFileName().toString(), Optional.empty(), count)));
        installed.sort(Comparator.comparing(Found::name)
                .thenComparing(found -> found.version().orElse(""), Versions.OLDEST_FIRST));
    }

    /** Reads the code systems and value sets of the platform itself. */
    public void readOwn() {
        try (InputStream json = PackageFolder.class.getResourceAsStream(OWN)) {
            for (JsonNode entry : MAPPER.readTree(json).path("entry")) {
                add(MAPPER.writeValueAsBytes(entry.path("resource")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was read of the folder. */
    public List<Found> installed() {
        return List.copyOf(installed);
    }

    /** The definitions. */
    public PackedResources resources() {
        return resources;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".tgz") || file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("careloop.validation.packages: cannot be listed: " + folder, e);
        }
    }

    private Found readPackage(Path file) throws IOException {
        JsonNode manifest = null;
        int count = 0;
        try (InputStream bytes = Files.newInputStream(file);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(bytes))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().equals(MANIFEST)) {
                    manifest = MAPPER.readTree(tar.readAllBytes());
                } else if (RESOURCE.matcher(entry.getName()).matches()
                        && !entry.getName().startsWith("package/.")) {
                    count += add(tar.readAllBytes());
                }
            }
        }
        if (manifest == null
                || !manifest.path("name").isTextual()
                || !manifest.path("version").isTextual()) {
            throw new IllegalArgumentException("package/package.json with name and version");
        }
        JsonNode versions = manifest.path("fhirVersions");
        if (versions.isArray() && !versions.isEmpty() && !isR4(versions)) {
            throw new IllegalArgumentException("a package of FHIR 4.0");
        }
        return new Found(
                manifest.path("name").asText(),
                Optional.of(manifest.path("version").asText()),
                count);
    }

    private static boolean isR4(JsonNode versions) {
        for (JsonNode version : versions) {
            if (version.asText().startsWith("4.0")) {
                return true;
            }
        }
        return false;
    }

    /** Returns 1 if {@code json} is a definition that is of use here. */
    private int add(byte[] json) throws IOException {
        Map<String, String> told = topLevel(json);
        String type = told.get("resourceType");
        if (type == null) {
            throw new IllegalArgumentException("FHIR JSON");
        }
        if (!TYPES.contains(type) || !told.containsKey("url")) {
            return 0;
        }
        if (!told.getOrDefault("fhirVersion", "4.0").startsWith("4.0")) {
            throw new IllegalArgumentException("a definition of FHIR 4.0");
        }
        boolean profile = "resource".equals(told.get("kind")) && "constraint".equals(told.get("derivation"));
        resources.add(
                new PackedResources.Label(
                        type, told.get("url"), told.getOrDefault("version", ""), profile ? told.get("type") : null),
                json,
                false);
        return 1;
    }

    /** Reads all of {@code json}, so that what is broken is noticed, and returns the texts of its first level. */
    private static Map<String, String> topLevel(byte[] json) throws IOException {
        Map<String, String> told = new HashMap<>();
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("FHIR JSON");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING && TOLD.contains(name)) {
                    told.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        }
        return told;
    }
}
