package org.careloop.fhirrest;

import java.util.Arrays;
import java.util.Optional;

/**
 * Reads {@code Prefer}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240">RFC 7240</a>
 */
final class Preferences {

    private static final String LENIENT = "handling=lenient";

    private Preferences() {}

    /** Tells whether search parameters that are not known are to be ignored. */
    static boolean areLenient(Optional<String> prefer) {
        return ask(prefer, LENIENT);
    }

    static boolean ask(Optional<String> prefer, String preference) {
        return prefer.stream()
                .flatMap(header -> Arrays.stream(header.split("[,;]")))
                .anyMatch(
                        each -> each.replace("\"", "").replace(" ", "").strip().equalsIgnoreCase(preference));
    }
}
