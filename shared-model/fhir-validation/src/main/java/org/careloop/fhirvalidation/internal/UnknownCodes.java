package org.careloop.fhirvalidation.internal;

import ca.uhn.fhir.validation.SingleValidationMessage;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.fhirvalidation.Finding.Severity;

/**
 * Keeps what cannot be judged from being an error. LOINC, SNOMED CT and others are not shipped; HAPI tells so at the element
 * and still calls the code wrong, or the slice that the code would decide ambiguous.
 */
final class UnknownCodes {

    /** HAPI has no message number of its own for them. */
    private static final Pattern UNKNOWN = Pattern.compile(
            "Unable to expand ValueSet|ignored/not-present|CodeSystem is unknown|Unknown code system"
                    + "|code system .* could not be found|CodeSystem could not be found|Unable to validate code|^Validation failed \\(for '");

    private final Set<String> places;

    UnknownCodes(List<SingleValidationMessage> messages) {
        places = messages.stream()
                .filter(message -> message.getLocationString() != null)
                .filter(message -> UNKNOWN.matcher(message.getMessage()).find())
                .map(SingleValidationMessage::getLocationString)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns how much {@code message} matters. */
    Severity severity(SingleValidationMessage message) {
        return switch (message.getSeverity()) {
            case INFORMATION -> Severity.INFORMATION;
            case WARNING -> Severity.WARNING;
            case ERROR, FATAL -> isOfUnknown(message) ? Severity.WARNING : Severity.ERROR;
        };
    }

    private boolean isOfUnknown(SingleValidationMessage message) {
        String number = message.getMessageId();
        String place = message.getLocationString();
        if (number == null || place == null) {
            return false;
        }
        boolean terminology = number.startsWith("Terminology_");
        boolean slicing = number.equals("Validation_VAL_Profile_MatchMultiple");
        return (terminology || slicing)
                && places.stream()
                        .anyMatch(unknown -> unknown.equals(place)
                                || unknown.startsWith(place + ".")
                                || terminology && place.startsWith(unknown + "."));
    }
}
