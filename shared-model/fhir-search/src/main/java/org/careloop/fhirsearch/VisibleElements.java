package org.careloop.fhirsearch;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
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
     * Returns what of {@code request} may be asked by whom {@code access} tells what is seen of each type: without the includes
     * that follow a reference which is not seen, and of alternatives those that look at what is seen; so somebody's record is found by
     * its patient, though who else is linked to them is not. Fails with {@link ProblemCode#FORBIDDEN} when the request asks
     * for an element, or sorts by one, that is not seen.
     */
    public static SearchRequest within(SearchRequest request, Function<String, Condition> access) {
        SearchRequest within = followingSeen(request, access);
        for (String type : request.types()) {
            Optional<VisibleElements> visible = of(type, access.apply(type));
            if (visible.isEmpty()
                    && request.condition().chainedTypes().findAny().isEmpty()) {
                continue;
            }
            visible.ifPresent(part -> part.requireSorted(request.order()));
            Looks looks = Looks.at(visible, () -> keysOfOthers(request.types(), type), access);
            within = within.withCondition(looks.alternativesSeen(within.condition()));
            looks.hiding(within.condition()).findFirst().ifPresent(part -> {
                throw part.hidden();
            });
        }
        return within;
    }

    private static SearchRequest followingSeen(SearchRequest request, Function<String, Condition> access) {
        List<SearchRequest.Include> seen = request.includes().stream()
                .filter(include -> shows(include.source(), Set.of(include.key()), access))
                .toList();
        return seen.size() == request.includes().size() ? request : request.withIncludes(seen);
    }

    /** A search of several types asks each for what the type has; no resource has what only another type has. */
    private static Set<Long> keysOfOthers(Set<String> types, String type) {
        return types.stream()
                .filter(other -> !other.equals(type))
                .flatMap(other -> SearchParameters.of(other).values().stream())
                .flatMap(VisibleElements::keys)
                .collect(Collectors.toSet());
    }

    /**
     * What conditions look at.
     *
     * @param visible what is seen of the type that is searched; empty for all
     * @param allowed keys of the parameters that look at what is seen, or that the type has not
     */
    private record Looks(Optional<VisibleElements> visible, Set<Long> allowed, Function<String, Condition> access) {

        static Looks at(
                Optional<VisibleElements> visible, Supplier<Set<Long>> ofOthers, Function<String, Condition> access) {
            Set<Long> allowed = new HashSet<>();
            visible.ifPresent(part -> {
                allowed.addAll(part.keys());
                allowed.addAll(ofOthers.get());
            });
            return new Looks(visible, allowed, access);
        }

        /** Returns what hides an element that {@code asked} looks at. */
        Stream<VisibleElements> hiding(Condition asked) {
            return switch (asked) {
                case Condition.AllOf all -> all.conditions().stream().flatMap(this::hiding);
                case Condition.AnyOf any -> any.conditions().stream().flatMap(this::hiding);
                case Condition.Not not -> hiding(not.condition());
                case Condition.HasToken token -> hiding(token.parameter());
                case Condition.RefersTo reference -> hiding(reference.parameter());
                case Condition.HasString string -> hiding(string.parameter());
                case Condition.HasDate date -> hiding(date.parameter());
                case Condition.HasNumber number -> hiding(number.parameter());
                case Condition.Coded coded -> hiding(IndexHash.ofParameter(coded.type(), coded.parameter()));
                case Condition.Chain chain ->
                    Stream.concat(hiding(chain.parameter()), at(chain.type()).hiding(chain.target()));
                case Condition.ReverseChain chain ->
                    Stream.concat(
                            at(chain.type()).hiding(chain.parameter()),
                            at(chain.type()).hiding(chain.source()));
                case Condition.HasId _, Condition.HasKey _, Condition.Changed _, Condition.InCompartment _ ->
                    Stream.empty();
                case Condition.GrantedTo _, Condition.NamedFor _, Condition.MadeBy _, Condition.Consented _ ->
                    Stream.empty();
                case Condition.InPart _ -> Stream.empty();
            };
        }

        private Looks at(String type) {
            return at(of(type, access.apply(type)), Set::of, access);
        }

        private Stream<VisibleElements> hiding(long parameter) {
            return visible.filter(part -> !allowed.contains(parameter)).stream();
        }

        Condition alternativesSeen(Condition asked) {
            return switch (asked) {
                case Condition.AllOf all ->
                    new Condition.AllOf(all.conditions().stream()
                            .map(this::alternativesSeen)
                            .toList());
                case Condition.AnyOf any -> {
                    List<Condition> seen = any.conditions().stream()
                            .map(this::alternativesSeen)
                            .filter(each -> hiding(each).findAny().isEmpty())
                            .toList();
                    yield seen.isEmpty() ? any : new Condition.AnyOf(seen);
                }
                default -> asked;
            };
        }
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

    /** Fails as {@link #within} does when one of {@code references}, keys of parameters of the types of {@code request}, is not seen. */
    public static void requireFollowed(
            SearchRequest request, Set<Long> references, Function<String, Condition> access) {
        for (String type : request.types()) {
            of(type, access.apply(type))
                    .filter(visible -> !visible.keys().containsAll(references))
                    .ifPresent(visible -> {
                        throw visible.hidden();
                    });
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
