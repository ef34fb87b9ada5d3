package org.careloop.fhirvalidation.internal;

import org.hl7.fhir.r4.model.Base;

/**
 * A rule of FHIR R4 beyond structure.
 *
 * @param key as R4 calls it
 * @param demand what it demands, in R4's words
 */
record Invariant(String key, String demand, Rule rule) {

    /** Whether an element is as it should be. */
    interface Rule {

        /** {@code resource} is the one that holds {@code element}. */
        boolean holds(Base element, Base resource);
    }
}
