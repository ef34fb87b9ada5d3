package org.careloop.fhirmodel;

import ca.uhn.fhir.parser.IParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.r4.model.Resource;

/**
 * Reads and writes FHIR R4 XML, as strictly as {@link FhirJson}. Services store and speak JSON; XML exists at the door alone.
 *
 * @see <a href="https://hl7.org/fhir/R4/xml.html">FHIR R4 XML</a>
 */
public final class FhirXml {

    /** The MIME type of FHIR XML. */
    public static final String MEDIA_TYPE = "application/fhir+xml";

    private FhirXml() {}

    /**
     * Reads a resource of any type; fails with {@link ProblemCode#MALFORMED_BODY}. No document type and no entity is read, and
     * no text repeats a value.
     */
    public static Resource parse(byte[] xml) {
        XmlSyntax.check(xml);
        NamingErrorHandler faults = new NamingErrorHandler();
        Resource resource;
        try {
            resource = (Resource) parser(faults).parseResource(reader(xml));
        } catch (RuntimeException | StackOverflowError e) {
            // HAPI's texts may quote a value, which may be a person's data.
            throw faults.issues().isEmpty()
                    ? new FhirProblem(ProblemCode.MALFORMED_BODY, "body: cannot be read (expected: FHIR R4 XML)")
                    : new FhirProblem(ProblemCode.MALFORMED_BODY, faults.issues());
        }
        if (!faults.issues().isEmpty()) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, faults.issues());
        }
        return resource;
    }

    /** Writes {@code resource} as UTF-8 XML. */
    public static byte[] write(Resource resource, boolean pretty) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (Writer writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            parser(new NamingErrorHandler()).setPrettyPrint(pretty).encodeResourceToWriter(resource, writer);
        } catch (IOException e) {
            throw new IllegalStateException("an in-memory stream does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** What is no UTF-8 is refused, not replaced. */
    static Reader reader(byte[] xml) {
        return new InputStreamReader(
                new ByteArrayInputStream(xml),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private static IParser parser(NamingErrorHandler faults) {
        IParser parser = FhirJson.context().newXmlParser();
        parser.setParserErrorHandler(faults);
        parser.setStripVersionsFromReferences(false);
        parser.setOverrideResourceIdWithBundleEntryFullUrl(false);
        return parser;
    }
}
