package org.careloop.fhirsearch;

import java.util.List;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * Leaves out of a search what {@code Prefer: handling=lenient} lets a server ignore. The self link then shows what was
 * applied.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#errors">FHIR R4 handling errors</a>
 */
public final class LenientSearch {

    private LenientSearch() {}

    /** Returns those of {@code parameters} that {@code type} has; a value that cannot be read is still an error. */
    public static List<QueryParameter> known(SearchParser parser, String type, List<QueryParameter> parameters) {
        return parameters.stream()
                .filter(parameter -> isKnown(parser, type, parameter))
                .toList();
    }

    private static boolean isKnown(SearchParser parser, String type, QueryParameter parameter) {
        try {
            parser.parse(type, List.of(parameter));
            return true;
        } catch (FhirProblem e) {
            return e.code() != ProblemCode.UNSUPPORTED_PARAMETER;
        }
    }
}
