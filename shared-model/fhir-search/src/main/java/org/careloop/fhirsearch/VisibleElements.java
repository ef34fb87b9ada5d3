package org.careloop.fhirsearch;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * What somebody sees of resources of a type that are open to them in part: some elements, beside id and meta. Who may not see
 * an element does not learn it from what a search for it finds, how it sorts or what it includes, either.
 *
 * @param elements names of the type's own elements, of a choice without its type
 */
public record VisibleElements(String type, Set<String> elements) {

    private static final String META = "meta";

    private static final List<String> ASPECTS =
            List.of("", Aspect.IDENTIFIER, Aspect.TEXT, Aspect.OF_TYPE, Aspect.BELOW, Aspect.ABSENT, Aspect.UNREADABLE);

    /** Returns what {@code access} lets see of resources of {@code type}; empty when that is all of each that it opens. */
    public static Optional<VisibleElements> of(String type, Condition access) {
        return elements(access).map(elements -> new VisibleElements(type, elements));
    }

    private static Optional<Set<String>> elements(Condition access) {
        return switch (access) {
            case Condition.InPart part -> Optional.of(part.elements());
            case Condition.AllOf all -> first(all.conditions());
            case Condition.AnyOf any -> first(any.conditions());
            default -> Optional.empty();
        };
    }

    private static Optional<Set<String>> first(List<Condition> conditions) {
        for (Condition condition : conditions) {
            Optional<Set<String>> elements = elements(condition);
            if (elements.isPresent()) {
                return elements;
            }
        }
        return Optional.empty();
    }

    /**
     * Fails with {@link ProblemCode#FORBIDDEN} when {@code request} asks for, or sorts by, an element that is not seen by what
     * {@code access} tells for its type.
     */
    public static void require(SearchRequest request, Function<String, Condition> access) {
        for (String type : request.types()) {
            Optional<VisibleElements> visible = of(type, access.apply(type));
            visible.ifPresent(part -> part.requireSorted(request.order()));
            Set<Long> ofOthers = visible.isEmpty() ? Set.of() : keysOfOthers(request.types(), type);
            require(request.condition(), visible, ofOthers, access);
        }
    }

    /** A search of several types asks each for what the type has; no resource has what only another type has. */
    private static Set<Long> keysOfOthers(Set<String> types, String type) {
        return types.stream()
                .filter(other -> !other.equals(type))
                .flatMap(other -> SearchParameters.of(other).values().stream())
                .flatMap(VisibleElements::keys)
                .collect(Collectors.toSet());
    }

    private static void require(
            Condition asked,
            Optional<VisibleElements> visible,
            Set<Long> ofOthers,
            Function<String, Condition> access) {
        switch (asked) {
            case Condition.AllOf all -> all.conditions().forEach(each -> require(each, visible, ofOthers, access));
            case Condition.AnyOf any -> any.conditions().forEach(each -> require(each, visible, ofOthers, access));
            case Condition.Not not -> require(not.condition(), visible, ofOthers, access);
            case Condition.HasToken token -> requireShown(visible, ofOthers, token.parameter());
            case Condition.RefersTo reference -> requireShown(visible, ofOthers, reference.parameter());
            case Condition.HasString string -> requireShown(visible, ofOthers, string.parameter());
            case Condition.HasDate date -> requireShown(visible, ofOthers, date.parameter());
            case Condition.HasNumber number -> requireShown(visible, ofOthers, number.parameter());
            case Condition.Coded coded ->
                requireShown(visible, ofOthers, IndexHash.ofParameter(coded.type(), coded.parameter()));
            case Condition.Chain chain -> {
                requireShown(visible, ofOthers, chain.parameter());
                require(chain.target(), of(chain.type(), access.apply(chain.type())), Set.of(), access);
            }
            case Condition.ReverseChain chain -> {
                Optional<VisibleElements> source = of(chain.type(), access.apply(chain.type()));
                requireShown(source, Set.of(), chain.parameter());
                require(chain.source(), source, Set.of(), access);
            }
            case Condition.HasId _, Condition.HasKey _, Condition.Changed _, Condition.InCompartment _ -> {}
            case Condition.GrantedTo _, Condition.NamedFor _, Condition.MadeBy _, Condition.Consented _ -> {}
            case Condition.InPart _ -> {}
        }
    }

    private static void requireShown(Optional<VisibleElements> visible, Set<Long> ofOthers, long parameter) {
        visible.ifPresent(part -> {
            if (!part.keys().contains(parameter) && !ofOthers.contains(parameter)) {
                throw part.hidden();
            }
        });
    }

    private void requireSorted(SearchRequest.Order order) {
        for (SearchRequest.SortKey key : order.keys()) {
            boolean ofRow = key.parameter().equals(SearchRequest.SortKey.CHANGED)
                    || key.parameter().equals(SearchRequest.SortKey.ID);
            if (!ofRow && parameters().noneMatch(shown -> shown.name().equals(key.parameter()))) {
                throw hidden();
            }
        }
    }

    /** Returns the request without the includes that follow a reference which is not seen. */
    public static SearchRequest withoutHidden(SearchRequest request, Function<String, Condition> access) {
        List<SearchRequest.Include> shown = request.includes().stream()
                .filter(include -> of(include.source(), access.apply(include.source()))
                        .map(visible -> visible.keys().contains(include.key()))
                        .orElse(true))
                .toList();
        return shown.size() == request.includes().size() ? request : request.withIncludes(shown);
    }

    /** Fails as {@link #require} does when one of {@code references}, keys of parameters of the types of {@code request}, is not seen. */
    public static void requireFollowed(
            SearchRequest request, Set<Long> references, Function<String, Condition> access) {
        for (String type : request.types()) {
            Optional<VisibleElements> visible = of(type, access.apply(type));
            references.forEach(reference -> requireShown(visible, Set.of(), reference));
        }
    }

    /** Tells whether all of {@code references}, keys of parameters, are seen where resources of {@code type} have them. */
    public static boolean shows(String type, Set<Long> references, Function<String, Condition> access) {
        return of(type, access.apply(type))
                .map(visible -> visible.keys().containsAll(references))
                .orElse(true);
    }

    private Set<Long> keys() {
        return parameters().flatMap(VisibleElements::keys).collect(Collectors.toSet());
    }

    private static Stream<Long> keys(SearchParameter parameter) {
        return ASPECTS.stream().map(aspect -> parameter.key(aspect).hash());
    }

    private Stream<SearchParameter> parameters() {
        return SearchParameters.of(type).values().stream()
                .filter(parameter -> parameter.path().elements().stream()
                        .allMatch(element -> element.equals(META) || elements.contains(element)));
    }

    private FhirProblem hidden() {
        return new FhirProblem(
                ProblemCode.FORBIDDEN,
                type + ": asks for an element that is not open to this caller (expected: "
                        + elements.stream().sorted().collect(Collectors.joining(", ")) + ")");
    }
}
