package org.careloop.fhirsearch;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.SearchRequest.Include;

/**
 * Reads {@code _include} and {@code _revinclude}: {@code Type:parameter[:Target]}, {@code *} for all reference parameters
 * of the matches, iterated for those of all that is included, and {@code :iterate}, also under the name {@code :recurse} that
 * it had before. What refers to a match by anything at all is refused: every match would be looked for under each reference
 * parameter of each type.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#revinclude">FHIR R4 including other resources</a>
 */
final class IncludeParser {

    private static final String ALL = "*";
    private static final Set<String> NAMES = Set.of(
            "_include",
            "_include:iterate",
            "_include:recurse",
            "_revinclude",
            "_revinclude:iterate",
            "_revinclude:recurse");

    private IncludeParser() {}

    /** Tells whether {@code name} is that of an include. */
    static boolean reads(String name) {
        return NAMES.contains(name);
    }

    /** Returns the includes that {@code value} asks for in a search of {@code type}, one for each parameter. */
    static List<Include> parse(String type, String name, String value) {
        boolean reverse = name.startsWith("_revinclude");
        boolean iterate = name.contains(":");
        String[] parts = value.split(":", -1);
        if (value.equals(ALL) && !reverse && !iterate) {
            return references(type)
                    .map(each -> new Include(false, type, each, Optional.empty(), false))
                    .toList();
        }
        if (value.equals(ALL) && !reverse) {
            return List.of(Include.ALL_OF_ALL);
        }
        if (parts.length < 2 || parts.length > 3) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    reverse
                            ? "_revinclude: of which type? (expected: Type:parameter[:TargetType] or Type:*)"
                            : "_include: expected: Type:parameter[:TargetType], Type:* or *");
        }
        Optional<String> target = parts.length == 3 ? Optional.of(parts[2]) : Optional.empty();
        if (parts[1].equals(ALL)) {
            return references(ConditionParser.knownType(parts[0]))
                    .filter(each -> target.isEmpty() || mayBe(parts[0], each, target.get()))
                    .map(each -> new Include(reverse, parts[0], each, target, iterate))
                    .toList();
        }
        SearchParameter parameter = ConditionParser.parameter(parts[0], parts[1]);
        if (parameter.kind() != SearchParameter.Kind.REFERENCE) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    (reverse ? "_revinclude" : "_include") + ": not a reference parameter");
        }
        return List.of(new Include(reverse, parts[0], parts[1], target, iterate));
    }

    private static Stream<String> references(String type) {
        return SearchParameters.of(type).values().stream()
                .filter(parameter -> parameter.kind() == SearchParameter.Kind.REFERENCE)
                .map(SearchParameter::name);
    }

    private static boolean mayBe(String type, String parameter, String target) {
        Set<String> targets = SearchParameters.of(type).get(parameter).targets();
        return targets.isEmpty() || targets.contains(target);
    }
}
