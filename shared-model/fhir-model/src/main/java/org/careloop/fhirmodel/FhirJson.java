package org.careloop.fhirmodel;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IJsonLikeParser;
import ca.uhn.fhir.parser.IParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.hl7.fhir.r4.model.Resource;

/** Reads and writes FHIR R4 JSON with the one HAPI context of the process; strict: what is not FHIR is refused. */
public final class FhirJson {

    /** The MIME type of FHIR JSON. */
    public static final String MEDIA_TYPE = "application/fhir+json";

    /** The code of the tag of what is shown in part. */
    public static final String SUBSETTED = "SUBSETTED";

    private static final FhirContext CONTEXT = newContext();
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> OF_EVERY_PART = List.of("meta", "implicitRules", "modifierExtension");
    private static final JsonNode PARTIAL = MAPPER.createObjectNode()
            .put("system", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue")
            .put("code", SUBSETTED);
    private static final String SIZE = FhirJson.class.getName() + ".size";

    private FhirJson() {}

    /** The one FHIR context; making another costs seconds and megabytes. */
    public static FhirContext context() {
        return CONTEXT;
    }

    /**
     * Reads a resource of any type; fails with {@link ProblemCode#MALFORMED_BODY} and names every faulty element. No text
     * repeats a value.
     */
    public static Resource parse(byte[] json) {
        boolean hasEmpty = JsonSyntax.hasEmpty(json);
        NamingErrorHandler faults = new NamingErrorHandler();
        Optional<Resource> resource = parse(json, faults);
        boolean good = resource.isPresent() && faults.issues().isEmpty();
        if (good && !hasEmpty) {
            return resource.get();
        }
        List<FhirProblem.Issue> found = BodyFaults.of(json);
        if (good && found.isEmpty()) {
            return resource.get();
        }
        List<FhirProblem.Issue> told = found.isEmpty() ? faults.issues() : found;
        throw told.isEmpty()
                ? new FhirProblem(ProblemCode.MALFORMED_BODY, "body: cannot be read (expected: FHIR R4 JSON)")
                : new FhirProblem(ProblemCode.MALFORMED_BODY, told);
    }

    /**
     * Reads only {@code elements} of the resource (choices with or without their type), its type and its id: for who needs a few of what a service of this platform
     * wrote, at a fraction of the cost. Fails as {@link #parse(byte[])} does, but what is left out is not checked.
     */
    public static Resource parseOnly(byte[] json, Set<String> elements) {
        return parse(JsonSyntax.only(json, elements));
    }

    /**
     * Returns of a resource that a service of this platform wrote its id, its meta, what changes its meaning and {@code elements} (choices
     * with or without their type), and says so by the tag SUBSETTED.
     *
     * @see <a href="https://hl7.org/fhir/R4/search.html#summary">FHIR R4 on partial resources</a>
     */
    public static byte[] part(byte[] json, Set<String> elements) {
        Set<String> shown = new HashSet<>(elements);
        shown.addAll(OF_EVERY_PART);
        try {
            ObjectNode part = (ObjectNode) MAPPER.readTree(JsonSyntax.only(json, shown));
            part.withObject("/meta").withArray("/tag").add(PARTIAL);
            return MAPPER.writeValueAsBytes(part);
        } catch (IOException e) {
            throw new IllegalStateException("what is stored is JSON", e);
        }
    }

    /** Empty when HAPI gives up; its texts may quote a value, which may be a person's data, so they are dropped. */
    private static Optional<Resource> parse(byte[] json, NamingErrorHandler faults) {
        try {
            Reader reader = new InputStreamReader(
                    new ByteArrayInputStream(json),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT));
            Resource resource = (Resource) parser(faults).parseResource(reader);
            resource.setUserData(SIZE, json.length);
            return Optional.of(resource);
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    /** Returns how many bytes {@code resource} was read from; 0 when it was made in memory or copied. */
    public static int sizeOf(Resource resource) {
        return resource.getUserData(SIZE) instanceof Integer size ? size : 0;
    }

    /** Reads a resource that must be of {@code type}; fails as {@link #parse(byte[])} does. */
    public static <T extends Resource> T parse(Class<T> type, byte[] json) {
        Resource resource = parse(json);
        if (!type.isInstance(resource)) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY,
                    "resourceType",
                    "resourceType: " + resource.fhirType() + " (expected: " + type.getSimpleName() + ")");
        }
        return type.cast(resource);
    }

    /** Writes {@code resource} as compact UTF-8 JSON. */
    public static byte[] write(Resource resource) {
        return write(resource, parser -> {});
    }

    /** As {@link #write(Resource)}, but only what {@code part} lets the parser write. */
    public static byte[] write(Resource resource, Consumer<IParser> part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        NamingErrorHandler faults = new NamingErrorHandler();
        IParser parser = parser(faults);
        part.accept(parser);
        try (Writer writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            parser.encodeResourceToWriter(resource, writer);
        } catch (IOException e) {
            throw new IllegalStateException("an in-memory stream does not fail", e);
        }
        if (!faults.issues().isEmpty()) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, faults.issues());
        }
        return bytes.toByteArray();
    }

    private static IParser parser(NamingErrorHandler faults) {
        IJsonLikeParser parser = (IJsonLikeParser) CONTEXT.newJsonParser();
        parser.setParserErrorHandler(faults);
        parser.setStripVersionsFromReferences(false);
        parser.setOverrideResourceIdWithBundleEntryFullUrl(false);
        return parser;
    }

    private static FhirContext newContext() {
        FhirContext context = FhirContext.forR4Cached();
        context.getParserOptions().setStripVersionsFromReferences(false);
        // A reference is what its text says; to look for others takes as long as to write the rest.
        context.getParserOptions().setAutoContainReferenceTargetsWithNoId(false);
        return context;
    }
}
