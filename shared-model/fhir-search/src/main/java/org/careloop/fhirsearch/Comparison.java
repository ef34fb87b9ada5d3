package org.careloop.fhirsearch;

import java.util.Locale;

/**
 * The prefixes of ordered search values.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#prefix">FHIR R4 prefixes</a>
 */
public enum Comparison {
    EQ,
    NE,
    GT,
    LT,
    GE,
    LE,
    SA,
    EB,
    AP;

    /** Returns the comparison that {@code value} starts with, {@link #EQ} when it has none. */
    static Comparison prefixOf(String value) {
        for (Comparison comparison : values()) {
            if (value.startsWith(comparison.name().toLowerCase(Locale.ROOT))) {
                return comparison;
            }
        }
        return EQ;
    }

    /** Returns {@code value} without this prefix. */
    String strip(String value) {
        return value.startsWith(name().toLowerCase(Locale.ROOT)) ? value.substring(2) : value;
    }
}
