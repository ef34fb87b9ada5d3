package org.careloop.fhirvalidation.internal;

import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** The codes of a required binding, by system. */
record ValueSetRule(String url, Map<String, Set<String>> systems) {

    /** Whether {@code value} is of the set; what holds no code but an extension tells why, and is let pass. */
    boolean holds(Base value) {
        return switch (value) {
            case CodeType code ->
                code.getValue() == null || systems.values().stream().anyMatch(codes -> codes.contains(code.getValue()));
            case Coding coding -> coding.hasExtension() && !coding.hasCode() || has(coding);
            case CodeableConcept concept ->
                concept.hasExtension() && !concept.hasCoding()
                        || concept.getCoding().stream().anyMatch(this::has);
            // An enumeration was checked when it was read.
            default -> true;
        };
    }

    private boolean has(Coding coding) {
        return coding.hasSystem()
                && coding.hasCode()
                && systems.getOrDefault(coding.getSystem(), Set.of()).contains(coding.getCode());
    }
}
