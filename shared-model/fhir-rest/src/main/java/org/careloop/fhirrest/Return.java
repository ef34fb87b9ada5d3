package org.careloop.fhirrest;

import java.util.Arrays;
import java.util.Optional;

/**
 * What {@code Prefer: return=} asks for.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#ops">FHIR R4 managing return content</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240">RFC 7240</a>
 */
public enum Return {
    REPRESENTATION("return=representation"),
    MINIMAL("return=minimal"),
    OPERATION_OUTCOME("return=OperationOutcome");

    private final String preference;

    Return(String preference) {
        this.preference = preference;
    }

    /** Reads the header; {@code otherwise} unless it asks for one of these. */
    static Return of(Optional<String> prefer, Return otherwise) {
        return Arrays.stream(values())
                .filter(each -> each.isAsked(prefer))
                .findFirst()
                .orElse(otherwise);
    }

    private boolean isAsked(Optional<String> prefer) {
        return prefer.stream()
                .flatMap(header -> Arrays.stream(header.split("[,;]")))
                .anyMatch(each -> each.replace("\"", "").replace(" ", "").equalsIgnoreCase(preference));
    }

    /** Reads the header of an interaction with one resource, which is the answer unless another is asked for. */
    static Return of(Optional<String> prefer) {
        return of(prefer, REPRESENTATION);
    }
}
