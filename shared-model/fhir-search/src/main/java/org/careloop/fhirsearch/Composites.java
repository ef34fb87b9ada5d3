package org.careloop.fhirsearch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.fhirsearch.SearchParameter.Kind;
import org.careloop.fhirsearch.SearchParameter.Part;

/** The composite parameters out of {@code r4-composites.txt}: HAPI's catalogue does not tell where their parts are. */
final class Composites {

    private static final List<String[]> LINES = ParameterLines.of("r4-composites.txt");

    private Composites() {}

    /** Adds those of {@code type} to its {@code others}, of which their parts are. */
    static void addTo(Map<String, SearchParameter> others, String type) {
        for (String[] line : LINES) {
            if (line[0].equals(type)) {
                others.put(line[1], line[2].startsWith("=") ? union(line) : composite(line, others));
            }
        }
    }

    private static SearchParameter union(String[] line) {
        List<String> united = List.of(line[2].substring(1).strip().split(" "));
        return new SearchParameter(line[0], line[1], Kind.COMPOSITE, SearchPath.itself(), Set.of(), List.of(), united);
    }

    private static SearchParameter composite(String[] line, Map<String, SearchParameter> others) {
        SearchPath element = line[2].equals(line[0])
                ? SearchPath.itself()
                : SearchPath.compile(line[0], line[2]).orElseThrow();
        List<Part> parts = List.of(part(line[3], others), part(line[4], others));
        return new SearchParameter(line[0], line[1], Kind.COMPOSITE, element, Set.of(), parts, List.of());
    }

    private static Part part(String text, Map<String, SearchParameter> others) {
        String[] named = text.split(",");
        SearchParameter like = others.get(named[0].strip());
        return new Part(
                like.name(),
                like.kind(),
                SearchPath.compilePart(named[1].strip()).orElseThrow(),
                like.targets());
    }
}
