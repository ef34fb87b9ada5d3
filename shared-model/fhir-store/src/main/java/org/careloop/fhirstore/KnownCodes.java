package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirvalidation.CodeSets;

/** Puts the codes into a search that value sets and hierarchies of codes name in it. */
final class KnownCodes {

    private static final int MOST = 2000;

    private final CodeSets codes;

    KnownCodes(CodeSets codes) {
        this.codes = codes;
    }

    /**
     * Returns what {@code search} does with the codes in place of their names; a request without such costs nothing. Fails
     * with INVALID_PARAMETER when a name is unknown, with TOO_COSTLY when it stands for more than {@value #MOST} codes.
     */
    <T> Uni<T> with(SearchRequest request, Function<SearchRequest, Uni<T>> search) {
        return request.condition().asksForCodes()
                ? HeavyWork.always(() -> named(request)).chain(known -> search.apply(known))
                : search.apply(request);
    }

    private SearchRequest named(SearchRequest request) {
        CodeSets.Known known = codes.known();
        return request.withCondition(request.condition().withCodes(coded -> named(coded, known)));
    }

    private static Condition named(Condition.Coded coded, CodeSets.Known known) {
        int bar = coded.value().indexOf('|');
        Map<String, Set<String>> found = switch (coded.relation()) {
            case IN ->
                known.ofValueSet(coded.value())
                        .orElseThrow(() -> unknown(coded, "not a value set that can be expanded here"));
            case ABOVE -> ofSystem(coded, bar, known.above(system(coded, bar), code(coded, bar)));
            case BELOW -> ofSystem(coded, bar, known.below(system(coded, bar), code(coded, bar)));
        };
        if (found.values().stream().mapToInt(Set::size).sum() > MOST) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY, coded.parameter() + ": too many codes (expected: at most " + MOST + ")");
        }
        return coded.oneOf(found);
    }

    private static Map<String, Set<String>> ofSystem(Condition.Coded coded, int bar, Optional<Set<String>> codes) {
        return Map.of(
                system(coded, bar),
                codes.orElseThrow(() -> unknown(coded, "not a code of a system whose hierarchy is known here")));
    }

    private static String system(Condition.Coded coded, int bar) {
        return coded.value().substring(0, Math.max(bar, 0));
    }

    private static String code(Condition.Coded coded, int bar) {
        return coded.value().substring(bar + 1);
    }

    private static FhirProblem unknown(Condition.Coded coded, String wrong) {
        return new FhirProblem(
                ProblemCode.INVALID_PARAMETER,
                coded.parameter() + ": " + wrong + " (expected: one of FHIR R4 or of an installed package)");
    }
}
