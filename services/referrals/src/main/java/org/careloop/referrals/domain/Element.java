package org.careloop.referrals.domain;

import java.util.List;
import org.hl7.fhir.r4.model.Base;

/** Compares one element of two versions of a resource. */
final class Element {

    private Element() {}

    /** Whether both hold the same values; an empty value, which HAPI makes when it is asked for one, is none. */
    static boolean isSame(String name, Base previous, Base next) {
        return Base.compareDeep(valuesOf(name, previous), valuesOf(name, next), true);
    }

    private static List<Base> valuesOf(String name, Base resource) {
        return resource.getNamedProperty(name).getValues().stream()
                .filter(value -> value != null && !value.isEmpty())
                .toList();
    }
}
