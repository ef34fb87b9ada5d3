package org.careloop.fhirrest;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;

/**
 * What a conditional interaction asks for. It finds what a search by its caller would find, and nothing else: neither does it
 * tell of what is hidden, nor make a second of what the caller sees.
 *
 * @param shown what of each type the caller finds, also on the way of chains
 * @see CallerOfRequest#criteria
 */
public record Criteria(String type, List<QueryParameter> parameters, Function<String, Condition> shown) {

    private static final Set<String> OF_THE_FORM = Set.of("_format", "_pretty");

    /** Returns the filters of {@code query}; fails with {@link ProblemCode#INVALID_PARAMETER} when there are none. */
    static List<QueryParameter> filters(String query) {
        List<QueryParameter> filters = QueryParameter.parse(query).stream()
                .filter(parameter -> !OF_THE_FORM.contains(parameter.name()))
                .toList();
        if (filters.isEmpty()) {
            throw new FhirProblem(ProblemCode.INVALID_PARAMETER, "criteria: empty (expected: a search query)");
        }
        return filters;
    }

    /** Returns what must be so; fails as a search does, also for {@code _count}, say: filters alone are criteria. */
    static Condition condition(String type, List<QueryParameter> filters) {
        return SearchParser.condition(type, filters);
    }

    /** The same criteria in another order or encoding are the same text. */
    String canonical() {
        return parameters.stream().map(QueryParameter::toString).sorted().collect(Collectors.joining());
    }
}
