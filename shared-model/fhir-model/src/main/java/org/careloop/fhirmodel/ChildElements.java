package org.careloop.fhirmodel;

import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.MetadataResource;
import org.hl7.fhir.r4.model.Property;

/** What an element may hold, with its values, for who walks HAPI's model. */
public final class ChildElements {

    private static final List<String> OF_EVERY_RESOURCE =
            List.of("id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension");

    private ChildElements() {}

    /** Returns all of them; HAPI's own list leaves out for PlanDefinition and its like what every resource has. */
    public static List<Property> of(Base element) {
        return element instanceof MetadataResource
                ? Stream.concat(OF_EVERY_RESOURCE.stream().map(element::getNamedProperty), element.children().stream())
                        .toList()
                : element.children();
    }
}
