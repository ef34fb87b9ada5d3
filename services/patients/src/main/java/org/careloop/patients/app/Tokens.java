package org.careloop.patients.app;

import org.hl7.fhir.r4.model.Identifier;

/** Values as searches ask for them. */
final class Tokens {

    private Tokens() {}

    /** The identifier as {@code system|value}. */
    static String of(Identifier identifier) {
        return (identifier.hasSystem() ? escaped(identifier.getSystem()) : "") + "|" + escaped(identifier.getValue());
    }

    /** Commas and bars separate, so those within are escaped. */
    static String escaped(String text) {
        return text.replaceAll("([,|$\\\\])", "\\\\$1");
    }
}
