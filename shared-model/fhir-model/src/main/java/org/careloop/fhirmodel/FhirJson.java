package org.careloop.fhirmodel;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IJsonLikeParser;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Resource;

/** Reads and writes FHIR R4 JSON with the one HAPI context of the process; strict: what is not FHIR is refused. */
public final class FhirJson {

    /** The MIME type of FHIR JSON. */
    public static final String MEDIA_TYPE = "application/fhir+json";

    private static final FhirContext CONTEXT = newContext();
    private static final Pattern ELEMENT = Pattern.compile("element \"([A-Za-z0-9_\\[\\]x.]{1,80})\"|'([A-Za-z0-9_.]{1,80})'");

    private FhirJson() {}

    /** The one FHIR context; making another costs seconds and megabytes. */
    public static FhirContext context() {
        return CONTEXT;
    }

    /**
     * Reads a resource of any type; fails with {@link ProblemCode#MALFORMED_BODY} and names the element where HAPI does.
     */
    public static Resource parse(byte[] json) {
        try {
            Reader reader = new InputStreamReader(
                    new ByteArrayInputStream(json),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT));
            return (Resource) parser().parseResource(reader);
        } catch (DataFormatException | IllegalArgumentException | ClassCastException e) {
            throw malformed(e);
        } catch (RuntimeException | StackOverflowError e) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: cannot be read (expected: FHIR R4 JSON)");
        }
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (Writer writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            parser().encodeResourceToWriter(resource, writer);
        } catch (IOException e) {
            throw new IllegalStateException("an in-memory stream does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static IParser parser() {
        IJsonLikeParser parser = (IJsonLikeParser) CONTEXT.newJsonParser();
        parser.setParserErrorHandler(new StrictErrorHandler());
        parser.setStripVersionsFromReferences(false);
        parser.setOverrideResourceIdWithBundleEntryFullUrl(false);
        return parser;
    }

    /** HAPI's own texts may quote the value, which may be a person's data: only the element's name is kept. */
    private static FhirProblem malformed(RuntimeException cause) {
        String text = cause.getMessage() == null ? "" : cause.getMessage();
        Matcher matcher = ELEMENT.matcher(text);
        if (text.contains("element") && matcher.find()) {
            String element = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            return new FhirProblem(
                    ProblemCode.MALFORMED_BODY,
                    element,
                    element + ": unknown, misplaced or with an invalid value (expected: FHIR R4 JSON)");
        }
        return new FhirProblem(ProblemCode.MALFORMED_BODY, "body: cannot be read (expected: FHIR R4 JSON)");
    }

    private static FhirContext newContext() {
        FhirContext context = FhirContext.forR4Cached();
        context.getParserOptions().setStripVersionsFromReferences(false);
        return context;
    }
}
