package org.careloop.fhirsearch;

import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.SearchRequest.SortKey;

/** By what a search may be sorted. */
final class SortPath {

    private SortPath() {}

    /** Returns the parameter, as its definition spells it; fails with {@link ProblemCode#UNSUPPORTED_PARAMETER}. */
    static String sortable(String type, String name) {
        if (name.equalsIgnoreCase(SortKey.CHANGED)) {
            return SortKey.CHANGED;
        }
        SearchParameter parameter;
        try {
            parameter = ConditionParser.parameter(type, name);
        } catch (FhirProblem e) {
            throw new FhirProblem(e.code(), "_sort: " + e.issues().getFirst().diagnostics());
        }
        boolean possible = switch (parameter.kind()) {
            case TOKEN, REFERENCE -> !parameter.path().inJson().isEmpty();
            case STRING, DATE, NUMBER, QUANTITY, URI -> true;
            case COMPOSITE -> false;
        };
        if (!possible) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    "_sort: " + parameter.name() + " has no one value (expected: a parameter of an element)");
        }
        return parameter.name();
    }
}
