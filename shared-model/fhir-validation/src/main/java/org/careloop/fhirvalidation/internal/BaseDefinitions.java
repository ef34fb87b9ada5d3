package org.careloop.fhirvalidation.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.r5.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.r5.model.StructureDefinition.StructureDefinitionKind;
import org.hl7.fhir.r5.model.StructureDefinition.TypeDerivationRule;

/**
 * The definitions of FHIR R4 that HAPI ships, packed. HAPI's own source parses all of them at once, which takes more memory
 * than a service has.
 */
final class BaseDefinitions {

    private static final String FOLDER = "/org/hl7/fhir/r4/model/";
    private static final List<String> STRUCTURES = List.of(
            "profile/profiles-resources.xml",
            "profile/profiles-types.xml",
            "profile/profiles-others.xml",
            "extension/extension-definitions.xml");
    private static final List<String> CODES =
            List.of("valueset/valuesets.xml", "valueset/v2-tables.xml", "valueset/v3-codesystems.xml");

    private static final String OPEN = "<resource>";
    private static final String CLOSE = "</resource>";

    private final PackedResources resources = new PackedResources();
    private final List<StructureDefinition> outlines = new ArrayList<>();

    BaseDefinitions() {
        this(Stream.concat(STRUCTURES.stream(), CODES.stream()).toList());
    }

    /** The value sets and code systems alone. */
    static PackedResources codes() {
        return new BaseDefinitions(CODES).resources();
    }

    private BaseDefinitions(List<String> files) {
        for (String file : files) {
            try (InputStream stream = BaseDefinitions.class.getResourceAsStream(FOLDER + file)) {
                read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    PackedResources resources() {
        return resources;
    }

    /** Types without their elements, as HAPI's validator has them, which is R5: it asks for all, to know their names. */
    List<StructureDefinition> outlines() {
        return outlines;
    }

    private void read(String bundle) {
        for (int at = bundle.indexOf(OPEN); at >= 0; at = bundle.indexOf(OPEN, at)) {
            int end = bundle.indexOf(CLOSE, at);
            String resource = bundle.substring(at + OPEN.length(), end).strip();
            add(resource);
            at = end;
        }
    }

    private void add(String xml) {
        int end = 1;
        while (Character.isLetter(xml.charAt(end))) {
            end++;
        }
        String type = xml.substring(1, end);
        String url = value(xml, "url");
        if (!List.of("StructureDefinition", "ValueSet", "CodeSystem").contains(type) || url.isEmpty()) {
            return;
        }
        String whole = "<" + type + " xmlns=\"http://hl7.org/fhir\"" + xml.substring(xml.indexOf('>'));
        resources.add(
                new PackedResources.Label(type, url, value(xml, "version"), null),
                whole.getBytes(StandardCharsets.UTF_8),
                true);
        if (type.equals("StructureDefinition") && !value(xml, "derivation").equals("constraint")) {
            outlines.add(outline(xml, url));
        }
    }

    private static StructureDefinition outline(String xml, String url) {
        StructureDefinition outline = new StructureDefinition();
        String name = value(xml, "name");
        outline.setUrl(url)
                .setName(name)
                .setStatus(PublicationStatus.ACTIVE)
                .setKind(StructureDefinitionKind.fromCode(value(xml, "kind")))
                .setAbstract(value(xml, "abstract").equals("true"))
                .setType(value(xml, "type"));
        if (xml.contains("<derivation value=")) {
            outline.setDerivation(TypeDerivationRule.SPECIALIZATION).setBaseDefinition(value(xml, "baseDefinition"));
        }
        // One without elements would have them generated.
        outline.getSnapshot().addElement().setPath(name).setMin(0).setMax("*");
        return outline;
    }

    /** The first value of {@code element}: the narrative before has none, and the children that repeat the name follow. */
    private static String value(String xml, String element) {
        String start = "<" + element + " value=\"";
        int at = xml.indexOf(start);
        return at < 0 ? "" : xml.substring(at + start.length(), xml.indexOf('"', at + start.length()));
    }
}
