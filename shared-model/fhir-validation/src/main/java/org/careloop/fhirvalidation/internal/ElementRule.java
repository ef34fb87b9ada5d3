package org.careloop.fhirvalidation.internal;

import java.util.List;
import org.hl7.fhir.r4.model.Base;
import org.jspecify.annotations.Nullable;

/**
 * What is demanded of one element.
 *
 * @param name the property, a choice without its {@code [x]}
 * @param valueSet of a required binding that can be counted out
 * @param children of a backbone element; null when the type tells them
 */
record ElementRule(
        String name,
        int min,
        int max,
        Types types,
        @Nullable ValueSetRule valueSet,
        @Nullable TypeRules children,
        List<Invariant> invariants) {

    /** Returns the values; null when the element has no such property. */
    Base @Nullable [] values(Base element) {
        return element.getProperty(name.hashCode(), name, false);
    }

    boolean repeats() {
        return max > 1;
    }
}
