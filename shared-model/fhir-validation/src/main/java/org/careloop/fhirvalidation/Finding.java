package org.careloop.fhirvalidation;

/**
 * What a validation has to say of a resource.
 *
 * @param expression the FHIRPath of the element
 * @param text {@code element: what}, without a value of the resource
 */
public record Finding(Severity severity, String expression, String text) {

    /** How much it matters; only errors refuse a write. */
    public enum Severity {
        INFORMATION,
        WARNING,
        ERROR
    }
}
