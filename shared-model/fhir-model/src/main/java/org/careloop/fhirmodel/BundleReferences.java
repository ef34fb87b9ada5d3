package org.careloop.fhirmodel;

import ca.uhn.fhir.util.ResourceReferenceInfo;
import java.util.Optional;
import java.util.function.Function;
import org.hl7.fhir.instance.model.api.IBaseReference;
import org.hl7.fhir.r4.model.Resource;

/**
 * The references between the entries of a Bundle.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#trules">FHIR R4 transaction processing rules</a>
 */
public final class BundleReferences {

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
}
