package org.careloop.gateway.app;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.LenientSearch;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirsearch.SearchRequest.Include;
import org.careloop.fhirsearch.SearchRequest.Order;
import org.careloop.gateway.GatewayConfig;

/** Reads searches of several types as one: a parameter of all means in each type what that type says. */
@Singleton
public class ReadQuestion {

    static final String TYPES = "_type";

    private final SearchParser parser;

    ReadQuestion(GatewayConfig config) {
        this.parser = new SearchParser(config.defaultPageSize(), config.maxPageSize());
    }

    /** Reads a search of one type; fails as its owner would. */
    SearchRequest ofType(String type, List<QueryParameter> parameters) {
        return parser.parse(type, parameters);
    }

    /**
     * Reads a search of {@code types}, or of those among them that {@code _type} names. Fails with {@link
     * ProblemCode#UNSUPPORTED_PARAMETER} when one of them does not have a parameter, with {@link
     * ProblemCode#INVALID_PARAMETER} when {@code _type} names others.
     *
     * @param path for links
     * @param parameters with the place of the page, if it is not the first
     * @param within of which conditions a resource of a type must fulfil one; empty for no such demand
     */
    Question ofTypes(
            String path,
            Set<String> types,
            List<QueryParameter> parameters,
            Optional<String> prefer,
            Optional<Function<String, List<Condition>>> within) {
        Set<String> asked = asked(types, parameters);
        List<QueryParameter> given =
                parameters.stream().filter(parameter -> !isOfThePage(parameter)).toList();
        for (String type : asked) {
            given = LenientSearch.applied(prefer, type, given);
        }
        List<QueryParameter> filters = given;
        List<SearchRequest> each =
                asked.stream().map(type -> parser.parse(type, filters)).toList();
        requireOrderOfAll(asked, each.getFirst().order());
        List<Condition> conditions = new ArrayList<>(together(each));
        within.ifPresent(members -> conditions.add(anyOf(
                asked.stream().flatMap(type -> members.apply(type).stream()).toList())));
        Set<Include> includes = new LinkedHashSet<>();
        each.forEach(request -> includes.addAll(request.includes()));
        List<QueryParameter> applied = new ArrayList<>(filters);
        parameters.stream().filter(parameter -> parameter.name().equals(TYPES)).forEach(applied::add);
        SearchRequest request = each.getFirst()
                .of(asked)
                .withCondition(new Condition.AllOf(conditions))
                .withIncludes(List.copyOf(includes))
                .withApplied(applied);
        return new Question(path, request, List.of(), MergedCursor.of(parameters));
    }

    /** Returns the types among {@code types} that {@code _type} names, or all; fails when it names others. */
    static Set<String> asked(Set<String> types, List<QueryParameter> parameters) {
        Set<String> asked = new TreeSet<>();
        for (QueryParameter parameter : parameters) {
            if (parameter.name().equals(TYPES)) {
                asked.addAll(List.of(parameter.value().split(",")));
            }
        }
        if (!types.containsAll(asked)) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    TYPES + ": a type that is not searched here (expected: ones that the capability statement lists)");
        }
        return asked.isEmpty() ? new TreeSet<>(types) : asked;
    }

    private static boolean isOfThePage(QueryParameter parameter) {
        return parameter.name().equals(TYPES) || parameter.name().equals(SearchParser.CURSOR);
    }

    /** Types that share a name of a parameter need not have the same kind of values under it. */
    private static void requireOrderOfAll(Set<String> types, Order order) {
        if (types.size() > 1 && !order.isOfRows()) {
            throw Order.ofOneType();
        }
    }

    /** The searches differ in what each parameter means for the type, so the parameters are put together one by one. */
    private static List<Condition> together(List<SearchRequest> requests) {
        List<List<Condition>> all = requests.stream()
                .map(request -> ((Condition.AllOf) request.condition()).conditions())
                .toList();
        return IntStream.range(0, all.getFirst().size())
                .mapToObj(i -> together(new LinkedHashSet<>(
                        all.stream().map(each -> each.get(i)).toList())))
                .toList();
    }

    /**
     * Keys of values hold the type, so what is fulfilled is fulfilled by the meaning for the resource's own type. A
     * negation holds for every other type as well: all of them must hold.
     */
    private static Condition together(Set<Condition> meanings) {
        if (meanings.size() == 1) {
            return meanings.iterator().next();
        }
        List<Condition> list = List.copyOf(meanings);
        if (list.stream().allMatch(Condition.Not.class::isInstance)) {
            return new Condition.AllOf(list);
        }
        if (list.stream().anyMatch(ReadQuestion::negates)) {
            throw new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    "query: a negated parameter in a search of several types (expected: one type)");
        }
        return anyOf(list);
    }

    private static boolean negates(Condition condition) {
        return condition instanceof Condition.Not
                || condition instanceof Condition.AnyOf any
                        && any.conditions().stream().anyMatch(ReadQuestion::negates)
                || condition instanceof Condition.AllOf all
                        && all.conditions().stream().anyMatch(ReadQuestion::negates);
    }

    private static Condition anyOf(List<Condition> conditions) {
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.AnyOf(conditions);
    }
}
