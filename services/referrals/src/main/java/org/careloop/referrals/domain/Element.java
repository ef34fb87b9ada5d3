package org.careloop.referrals.domain;

import java.util.List;
import org.hl7.fhir.r4.model.Base;

/** One element of two versions of a resource. */
final class Element {

    private Element() {}

    /** Whether both hold the same values; an empty value, which HAPI makes when it is asked for one, is none. */
    static boolean isSame(String name, Base previous, Base next) {
        return Base.compareDeep(valuesOf(name, previous), valuesOf(name, next), true);
    }

    /** Whether {@code resource} holds no value. */
    static boolean isAbsent(String name, Base resource) {
        return valuesOf(name, resource).isEmpty();
    }

    /** Lets {@code next} hold the values of {@code previous}, too. */
    static void copy(String name, Base previous, Base next) {
        valuesOf(name, previous).forEach(value -> next.setProperty(name, value.copy()));
    }

    private static List<Base> valuesOf(String name, Base resource) {
        return resource.getNamedProperty(name).getValues().stream()
                .filter(value -> value != null && !value.isEmpty())
                .toList();
    }
}
