package org.careloop.fhirsearch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.fhirsearch.SearchParameter.Kind;

/** The search parameters that Careloop defines itself, out of {@code careloop-parameters.txt}. */
final class OwnParameters {

    private static final List<String[]> LINES = ParameterLines.of("careloop-parameters.txt");

    private OwnParameters() {}

    static boolean defines(String type, String name) {
        return LINES.stream().anyMatch(line -> line[0].equals(type) && line[1].equals(name));
    }

    /** Adds those of {@code type}. */
    static void addTo(Map<String, SearchParameter> others, String type) {
        LINES.stream()
                .filter(line -> line[0].equals(type))
                .map(OwnParameters::parameter)
                .forEach(parameter -> others.put(parameter.name(), parameter));
    }

    private static SearchParameter parameter(String[] line) {
        return new SearchParameter(
                line[0],
                line[1],
                Kind.valueOf(line[2]),
                SearchPath.compile(line[0], line[3]).orElseThrow(),
                line.length > 4 ? Set.of(line[4].split(" ")) : Set.of(),
                List.of(),
                List.of());
    }
}
