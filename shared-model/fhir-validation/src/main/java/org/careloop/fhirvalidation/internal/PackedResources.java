package org.careloop.fhirvalidation.internal;

import ca.uhn.fhir.parser.IParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Conformance resources by type, URL and version, compressed until one is asked for: parsed, the definitions of R4 and some
 * packages need hundreds of megabytes, of which a validation uses a few.
 */
public final class PackedResources {

    /**
     * What is known of a resource without parsing it.
     *
     * @param version empty when it has none
     * @param profileOf the resource type that a profile constrains; null for everything else
     */
    public record Label(
            String type,
            String url,
            String version,
            @Nullable String profileOf) {

        String canonical() {
            return version.isEmpty() ? url : url + "|" + version;
        }
    }

    private final class Packed {
        final Label label;
        private final byte[] bytes;
        private final boolean xml;
        private @Nullable Resource parsed;

        Packed(Label label, byte[] bytes, boolean xml) {
            this.label = label;
            this.bytes = deflate(bytes);
            this.xml = xml;
        }

        synchronized Resource parsed() {
            if (parsed == null) {
                IParser parser = xml
                        ? FhirJson.context().newXmlParser()
                        : FhirJson.context().newJsonParser();
                parsed = (Resource) parser.parseResource(new String(inflate(bytes), StandardCharsets.UTF_8));
            }
            return parsed;
        }
    }

    private final Map<String, Map<String, TreeMap<String, Packed>>> types = new TreeMap<>();

    PackedResources() {}

    /** Adds a resource, unless the same version of it is there. */
    void add(Label label, byte[] content, boolean xml) {
        types.computeIfAbsent(label.type(), type -> new TreeMap<>())
                .computeIfAbsent(label.url(), url -> new TreeMap<>(Versions.OLDEST_FIRST))
                .computeIfAbsent(label.version(), version -> new Packed(label, content, xml));
    }

    /** Whether there is a resource of {@code canonical}. */
    public boolean has(String type, String canonical) {
        return packed(type, canonical) != null;
    }

    /** Returns the resource of {@code canonical}: of the version that it names, else the newest; null when there is none. */
    @Nullable
    public Resource find(String type, String canonical) {
        Packed packed = packed(type, canonical);
        return packed == null ? null : packed.parsed();
    }

    /** The profiles of the resource type {@code of}. */
    public List<String> profiles(String of) {
        return labels("StructureDefinition").stream()
                .filter(label -> of.equals(label.profileOf()))
                .map(Label::canonical)
                .toList();
    }

    /** All canonicals of {@code type}. */
    public List<String> canonicals(String type) {
        return labels(type).stream().map(Label::canonical).toList();
    }

    Collection<Label> labels(String type) {
        List<Label> found = new ArrayList<>();
        types.getOrDefault(type, Map.of())
                .values()
                .forEach(versions -> versions.values().forEach(packed -> found.add(packed.label)));
        return found;
    }

    private @Nullable Packed packed(String type, String canonical) {
        int bar = canonical.indexOf('|');
        TreeMap<String, Packed> versions =
                types.getOrDefault(type, Map.of()).get(bar < 0 ? canonical : canonical.substring(0, bar));
        if (versions == null) {
            return null;
        }
        return bar < 0 ? versions.lastEntry().getValue() : versions.get(canonical.substring(bar + 1));
    }

    private static byte[] deflate(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 8);
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream deflating = new DeflaterOutputStream(packed, fast)) {
            deflating.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            fast.end();
        }
        return packed.toByteArray();
    }

    private static byte[] inflate(byte[] bytes) {
        try (InflaterInputStream inflating = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            return inflating.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
