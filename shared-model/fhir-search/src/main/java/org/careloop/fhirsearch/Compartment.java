package org.careloop.fhirsearch;

import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Reference;

/**
 * Membership in a patient's compartment.
 *
 * @see <a href="https://hl7.org/fhir/R4/compartmentdefinition-patient.html">Patient compartment</a>
 */
public final class Compartment {

    static final String TYPE = "Patient";

    /** Tried in this order; a resource belongs to the first patient that one of them names. */
    static final List<String> PARAMETERS = List.of("patient", "subject", "beneficiary", "individual");

    private Compartment() {}

    /** Tells whether resources of {@code type} can be in a patient's compartment. */
    public static boolean has(String type) {
        return type.equals(TYPE) || PARAMETERS.stream().anyMatch(SearchParameters.of(type)::containsKey);
    }

    static Optional<String> memberOf(Base element) {
        return element instanceof Reference reference && reference.hasReference()
                ? ResourceKey.parse(OwnServer.relative(reference.getReference()))
                        .filter(key -> key.type().equals(TYPE))
                        .map(key -> key.id().value())
                : Optional.empty();
    }
}
