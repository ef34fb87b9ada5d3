package org.careloop.fhirvalidation;

import java.util.Locale;

/** What a write is checked for by HAPI's validator; {@code careloop.validation.on-write}. */
enum OnWrite {
    OFF,
    CLAIMED,
    ALL;

    /** Reads the setting; a wrong one stops the start. */
    static OnWrite of(String setting) {
        for (OnWrite each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(setting)) {
                return each;
            }
        }
        throw new IllegalStateException("careloop.validation.on-write: not known (expected: off, claimed or all)");
    }
}
