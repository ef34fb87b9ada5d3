package org.careloop.fhirsearch;

import java.util.Set;

/**
 * One search parameter of one type, as FHIR R4 defines it.
 *
 * @param targets the types a reference may point to; empty when the definition names none (any type)
 */
public record SearchParameter(String type, String name, Kind kind, SearchPath path, Set<String> targets) {

    /** How values of a parameter are written, indexed and compared. */
    public enum Kind {
        TOKEN,
        REFERENCE,
        STRING,
        DATE,
        NUMBER,
        QUANTITY,
        URI
    }
}
