package org.careloop.fhirmodel;

import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Checks that bytes are one XML element of FHIR in UTF-8 without a document type, before HAPI sees them: a document type can
 * make a parser read files or grow a few bytes to gigabytes, and HAPI looks at names alone, not at their namespace.
 */
final class XmlSyntax {

    /** As for JSON: each level costs stack when the resource is walked, copied and written. */
    private static final int DEEPEST = 200;

    private static final String FHIR = "http://hl7.org/fhir";
    private static final String XHTML = "http://www.w3.org/1999/xhtml";

    private static final XMLInputFactory FACTORY = newFactory();

    private XmlSyntax() {}

    /** Fails with {@link ProblemCode#MALFORMED_BODY} and tells the place, nothing of the content. */
    static void check(byte[] xml) {
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(FhirXml.reader(xml));
            String declared = reader.getCharacterEncodingScheme();
            if (declared != null && !declared.toUpperCase(Locale.ROOT).equals("UTF-8")) {
                throw new FhirProblem(
                        ProblemCode.MALFORMED_BODY, "body: declares an encoding that is not read (expected: UTF-8)");
            }
            walk(reader);
        } catch (XMLStreamException | RuntimeException e) {
            if (e instanceof FhirProblem problem) {
                throw problem;
            }
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: not one XML element (expected: FHIR R4 XML)");
        }
    }

    private static void walk(XMLStreamReader reader) throws XMLStreamException {
        int depth = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    requireNamespace(reader, depth == 0);
                    depth++;
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.DTD,
                        XMLStreamConstants.ENTITY_REFERENCE,
                        XMLStreamConstants.ENTITY_DECLARATION -> throw problem(reader);
                default -> {}
            }
            if (depth > DEEPEST) {
                throw problem(reader);
            }
        }
    }

    /** A narrative's elements are of XHTML, all others of FHIR. */
    private static void requireNamespace(XMLStreamReader reader, boolean root) {
        String namespace = reader.getNamespaceURI();
        if (!FHIR.equals(namespace) && (root || !XHTML.equals(namespace))) {
            throw new FhirProblem(
                    ProblemCode.MALFORMED_BODY,
                    "body: " + (root ? "root element" : "an element") + " not in the namespace of FHIR, near line "
                            + reader.getLocation().getLineNumber() + " (expected: xmlns=\"" + FHIR + "\")");
        }
    }

    private static FhirProblem problem(XMLStreamReader reader) {
        return new FhirProblem(
                ProblemCode.MALFORMED_BODY,
                "body: document type, entity or too many levels, near line "
                        + reader.getLocation().getLineNumber() + " (expected: FHIR R4 XML)");
    }

    private static XMLInputFactory newFactory() {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
