package org.careloop.fhirmodel;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/**
 * The references between the entries of a Bundle.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#trules">FHIR R4 transaction processing rules</a>
 */
public final class BundleReferences {

    /** The system of identifiers that are URIs. */
    private static final String URI = "urn:ietf:rfc:3986";

    private BundleReferences() {}

    /** Replaces each literal reference in {@code resource} for which {@code place} knows another. */
    public static void relink(Resource resource, Function<String, Optional<String>> place) {
        forEach(
                resource,
                reference -> Optional.ofNullable(literal(reference))
                        .flatMap(place)
                        .ifPresent(other -> {
                            // The parser tied the entries together; what is tied is written as contained.
                            reference.setResource(null);
                            reference.setReference(other);
                        }));
    }

    /** Returns the literal references in {@code resource}, each once. */
    public static Set<String> of(Resource resource) {
        Set<String> found = new LinkedHashSet<>();
        forEach(resource, reference -> Optional.ofNullable(literal(reference)).ifPresent(found::add));
        return found;
    }

    /**
     * Turns each literal reference in {@code resource} of which {@code type} knows the type of a target that is not stored
     * into a logical one: the target keeps its URL as identifier, and the element its value.
     */
    public static void unlink(Resource resource, Function<String, Optional<String>> type) {
        forEach(resource, reference -> {
            String url = literal(reference);
            Optional.ofNullable(url).flatMap(type).ifPresent(known -> {
                reference.setResource(null);
                reference.setReference(null);
                reference.setType(known);
                if (!reference.hasIdentifier()) {
                    reference.setIdentifier(new Identifier().setSystem(URI).setValue(url));
                }
            });
        });
    }

    private static @Nullable String literal(Reference reference) {
        return reference.getReferenceElement_().getValue();
    }

    /** Walks the model itself: HAPI's terser looks the definition of every element up, which takes ten times as long. */
    private static void forEach(Base element, Consumer<Reference> action) {
        if (element instanceof Reference reference) {
            action.accept(reference);
        }
        if (element.isPrimitive() && !((Element) element).hasExtension()) {
            return;
        }
        for (Property property : ChildElements.of(element)) {
            if (property.hasValues()) {
                property.getValues().forEach(value -> forEach(value, action));
            }
        }
    }
}
