package org.careloop.fhirsearch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirsearch.SearchParameter.Kind;

/**
 * What may follow the name of a parameter, and of which kind the parameter is then; a reference takes a resource type as
 * well.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#modifiers">FHIR R4 modifiers</a>
 */
enum Modifier {
    MISSING(Kind.values()),
    NOT(Kind.TOKEN),
    TEXT(Kind.TOKEN),
    IN(Kind.TOKEN),
    NOT_IN(Kind.TOKEN),
    ABOVE(Kind.TOKEN, Kind.URI),
    BELOW(Kind.TOKEN, Kind.URI),
    OF_TYPE(Kind.TOKEN),
    IDENTIFIER(Kind.REFERENCE),
    EXACT(Kind.STRING),
    CONTAINS(Kind.STRING);

    private final Set<Kind> kinds;

    Modifier(Kind... kinds) {
        this.kinds = Set.of(kinds);
    }

    /** Returns the modifier that is written {@code text}, if it may follow a parameter of {@code kind}. */
    static Optional<Modifier> find(Kind kind, String text) {
        return Arrays.stream(values())
                .filter(modifier ->
                        modifier.kinds.contains(kind) && modifier.toString().equals(text))
                .findFirst();
    }

    /** Returns what may follow a parameter of {@code kind}, for people. */
    static String allowed(Kind kind) {
        return Arrays.stream(values())
                .filter(modifier -> modifier.kinds.contains(kind))
                .map(modifier -> ":" + modifier)
                .collect(Collectors.joining(", "));
    }

    /** As it is written. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
