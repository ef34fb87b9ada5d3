package org.careloop.fhirvalidation.internal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.DecimalType;
import org.jspecify.annotations.Nullable;

/** Looks at the children of elements by name. */
final class Children {

    private static final Base[] NONE = {};

    private Children() {}

    /** Returns the children that hold something. */
    static List<Base> all(Base element, String name) {
        List<Base> found = new ArrayList<>(2);
        for (Base value : raw(element, name)) {
            if (value != null && !value.isEmpty()) {
                found.add(value);
            }
        }
        return found;
    }

    static boolean has(Base element, String name) {
        for (Base value : raw(element, name)) {
            if (value != null && !value.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    static boolean hasAny(Base element, String... names) {
        for (String name : names) {
            if (has(element, name)) {
                return true;
            }
        }
        return false;
    }

    static @Nullable Base first(Base element, String name) {
        for (Base value : raw(element, name)) {
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    /** The text of a primitive child; empty when absent. */
    static String text(Base element, String name) {
        Base value = first(element, name);
        String text = value == null ? null : value.primitiveValue();
        return text == null ? "" : text;
    }

    static boolean is(Base element, String name, String... codes) {
        return Set.of(codes).contains(text(element, name));
    }

    static @Nullable BigDecimal number(Base element, String name) {
        return first(element, name) instanceof DecimalType decimal ? decimal.getValue() : null;
    }

    /** Whether the concept {@code name} has a coding of {@code system} with one of {@code codes}. */
    static boolean hasCoding(Base element, String name, String system, String... codes) {
        return all(element, name).stream()
                .flatMap(concept -> all(concept, "coding").stream())
                .anyMatch(coding -> text(coding, "system").equals(system) && is(coding, "code", codes));
    }

    /** Whether the time {@code later} is before {@code earlier} for sure, whatever their precision and time zone. */
    static boolean isBefore(Base element, String later, String earlier) {
        return first(element, later) instanceof BaseDateTimeType end
                && first(element, earlier) instanceof BaseDateTimeType start
                && end.getValueAsString() != null
                && start.getValueAsString() != null
                && Times.isBefore(end, start);
    }

    private static Base[] raw(Base element, String name) {
        Base[] values = element.getProperty(name.hashCode(), name, false);
        return values == null ? NONE : values;
    }
}
