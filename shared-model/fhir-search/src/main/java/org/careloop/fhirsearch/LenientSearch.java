package org.careloop.fhirsearch;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * Leaves out of a search what {@code Prefer: handling=lenient} lets a server ignore. The self link then shows what was
 * applied.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#errors">FHIR R4 handling errors</a>
 */
public final class LenientSearch {

    private static final String LENIENT = "handling=lenient";
    private static final SearchParser PARSER = new SearchParser(1, 1);

    private LenientSearch() {}

    /**
     * Returns {@code parameters}, but only those that {@code type} has when {@code prefer}, the header, asks to ignore others.
     * A value that cannot be read is still an error.
     */
    public static List<QueryParameter> applied(Optional<String> prefer, String type, List<QueryParameter> parameters) {
        boolean lenient = prefer.stream()
                .flatMap(header -> Arrays.stream(header.split("[,;]")))
                .anyMatch(each -> each.replace(" ", "").equalsIgnoreCase(LENIENT));
        return lenient
                ? parameters.stream()
                        .filter(parameter -> isKnown(type, parameter))
                        .toList()
                : parameters;
    }

    private static boolean isKnown(String type, QueryParameter parameter) {
        // The place of a page among several services is not this parser's to read.
        if (parameter.name().equals(SearchParser.CURSOR)) {
            return true;
        }
        try {
            PARSER.parse(type, List.of(parameter));
            return true;
        } catch (FhirProblem e) {
            return e.code() != ProblemCode.UNSUPPORTED_PARAMETER;
        }
    }
}
