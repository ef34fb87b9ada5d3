package org.careloop.fhirmodel;

import ca.uhn.fhir.util.ResourceReferenceInfo;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hl7.fhir.instance.model.api.IBaseReference;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

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
        for (ResourceReferenceInfo found : FhirJson.context().newTerser().getAllResourceReferences(resource)) {
            IBaseReference reference = found.getResourceReference();
            Optional.ofNullable(reference.getReferenceElement().getValue())
                    .flatMap(place)
                    .ifPresent(other -> {
                        // The parser tied the entries together; what is tied is written as contained.
                        reference.setResource(null);
                        reference.setReference(other);
                    });
        }
    }

    /** Returns the literal references in {@code resource}, each once. */
    public static Set<String> of(Resource resource) {
        return FhirJson.context().newTerser().getAllResourceReferences(resource).stream()
                .map(found -> found.getResourceReference().getReferenceElement().getValue())
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Turns each literal reference in {@code resource} of which {@code type} knows the type of a target that is not stored
     * into a logical one: the target keeps its URL as identifier, and the element its value.
     */
    public static void unlink(Resource resource, Function<String, Optional<String>> type) {
        for (ResourceReferenceInfo found : FhirJson.context().newTerser().getAllResourceReferences(resource)) {
            if (found.getResourceReference() instanceof Reference reference && reference.getReference() != null) {
                String url = reference.getReference();
                type.apply(url).ifPresent(known -> {
                    reference.setResource(null);
                    reference.setReference(null);
                    reference.setType(known);
                    if (!reference.hasIdentifier()) {
                        reference.setIdentifier(new Identifier().setSystem(URI).setValue(url));
                    }
                });
            }
        }
    }
}
