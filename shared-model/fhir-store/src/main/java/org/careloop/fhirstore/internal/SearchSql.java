package org.careloop.fhirstore.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.SearchRequest;

/**
 * Where the matches of a search come from: the index of the condition that few resources fulfil drives, in its own order, and
 * the others are looked up for each row. One plan shape, so that a prepared statement is right for rare and for frequent
 * values.
 *
 * @param from the tables; the resource is called {@code r}
 * @param where the predicate of the matches
 * @param row the column of the row number in whose order the driving index is
 * @param changed the column of the time of change
 */
record SearchSql(String from, String where, String row, String changed) {

    private static final String RESOURCE = "resource r";
    private static final int FEW = 16;

    /** Writes what {@code request} asks for; {@code access} tells for each type what may be shown. */
    static SearchSql of(
            SqlParameters parameters,
            SearchRequest request,
            Function<String, Condition> access,
            List<CombinedIndex> combined) {
        List<Condition> conditions = request.condition().chainedWithin(access).conjuncts();
        Function<String, Condition> open = type -> given(conditions, access.apply(type));
        Optional<CombinedIndex.Use> pair = combined.stream()
                .flatMap(index -> index.use(request.types(), conditions).stream())
                .findFirst();
        if (pair.isPresent()) {
            List<Condition> rest = without(conditions, pair.get().answered());
            return new SearchSql(
                    "combined_index d join " + RESOURCE + " on r.rid = d.rid",
                    "d.h = " + parameters.addKey(pair.get().key()) + rest(parameters, request, open, rest, "d"),
                    "d.rid",
                    "d.changed");
        }
        boolean byChange = request.order().isOfRows() && !request.order().equals(SearchRequest.Order.NEWEST_CREATED);
        Optional<Condition> driver =
                first(conditions, byChange ? SearchSql::drivesByChange : SearchSql::drivesByCreation);
        if (driver.isEmpty()) {
            return new SearchSql(
                    RESOURCE,
                    types(parameters, request.types(), open) + " and not r.deleted" + all(parameters, conditions, "r"),
                    "r.rid",
                    "r.changed");
        }
        return switch (driver.get()) {
            case Condition.RefersTo refers ->
                referring(
                        parameters, refers, rest(parameters, request, open, without(conditions, List.of(refers)), "r"));
            case Condition.HasToken token ->
                driven(
                        "token_index",
                        "d.h = " + parameters.addKey(token.anyOf().iterator().next()),
                        rest(parameters, request, open, without(conditions, List.of(token)), "r"));
            case Condition.AnyOf any ->
                driven(
                        MembersSql.rows(parameters, any),
                        "true",
                        rest(parameters, request, open, without(conditions, List.of(any)), "r"));
            case Condition other -> throw new IllegalStateException("no driver: " + other.getClass());
        };
    }

    private static SearchSql referring(SqlParameters parameters, Condition.RefersTo refers, String rest) {
        String condition = "parameter = " + parameters.addKey(refers.parameter()) + " and target "
                + ConditionSql.oneOf(parameters, refers.anyOf());
        // A resource that refers to two of them is found once.
        return refers.anyOf().size() == 1
                ? driven("reference_index", "d." + condition.replace(" and ", " and d."), rest)
                : driven("(select distinct rid from reference_index where " + condition + ")", "true", rest);
    }

    private static SearchSql driven(String table, String condition, String rest) {
        return new SearchSql(
                table + " d join " + RESOURCE + " on r.rid = d.rid", condition + rest, "d.rid", "r.changed");
    }

    /** References before tokens: fewer resources refer to one other than have one code. */
    private static Optional<Condition> first(List<Condition> conditions, Function<Condition, Integer> rank) {
        Optional<Condition> best = Optional.empty();
        int bestRank = 0;
        for (Condition condition : conditions) {
            int found = rank.apply(condition);
            if (found > bestRank) {
                best = Optional.of(condition);
                bestRank = found;
            }
        }
        return best;
    }

    private static int drivesByCreation(Condition condition) {
        return switch (condition) {
            case Condition.RefersTo refers when isFew(refers) -> 2;
            case Condition.AnyOf any when MembersSql.drives(any) -> 2;
            case Condition.HasToken token when token.anyOf().size() == 1 -> 1;
            default -> 0;
        };
    }

    /** A frequent code would be collected whole before it is sorted; the order of change is walked then. */
    private static int drivesByChange(Condition condition) {
        return condition instanceof Condition.RefersTo refers && isFew(refers) || MembersSql.drives(condition) ? 1 : 0;
    }

    /** An id without its type may be of several. */
    private static boolean isFew(Condition.RefersTo refers) {
        return !refers.anyOf().isEmpty() && refers.anyOf().size() <= FEW;
    }

    private static String rest(
            SqlParameters parameters,
            SearchRequest request,
            Function<String, Condition> open,
            List<Condition> conditions,
            String changedIn) {
        List<Condition> times = conditions.stream()
                .filter(condition -> condition instanceof Condition.Changed)
                .toList();
        return " and " + types(parameters, request.types(), open) + " and not r.deleted"
                + all(parameters, times, changedIn) + all(parameters, without(conditions, times), "r");
    }

    private static String all(SqlParameters parameters, List<Condition> conditions, String alias) {
        return conditions.stream()
                .map(condition -> " and " + new ConditionSql(parameters).compile(condition, alias))
                .collect(Collectors.joining());
    }

    private static List<Condition> without(List<Condition> conditions, List<Condition> answered) {
        List<Condition> rest = new ArrayList<>(conditions);
        answered.forEach(rest::remove);
        return rest;
    }

    /** What is open is often what was asked for, such as an agency's own Tasks: then it need not be looked up again. */
    private static Condition given(List<Condition> asked, Condition open) {
        return open instanceof Condition.AnyOf any
                        && any.conditions().stream().anyMatch(each -> asked.containsAll(each.conjuncts()))
                ? Condition.EVERYTHING
                : open;
    }

    /** Types with the same access stand together: usually one comparison for all. */
    private static String types(SqlParameters parameters, Set<String> types, Function<String, Condition> access) {
        Map<Condition, List<String>> alike = types.stream().collect(Collectors.groupingBy(access));
        ConditionSql sql = alike.size() > 1 ? ConditionSql.forEachRow(parameters) : new ConditionSql(parameters);
        return alike.entrySet().stream()
                .map(open -> "r.type " + oneOf(parameters, open.getValue()) + and(sql, open.getKey()))
                .collect(Collectors.joining(" or ", "(", ")"));
    }

    private static String oneOf(SqlParameters parameters, List<String> types) {
        return types.size() == 1
                ? "= " + SqlParameters.type(types.getFirst())
                : "= any(" + parameters.add(types.toArray(String[]::new)) + ")";
    }

    private static String and(ConditionSql sql, Condition condition) {
        return condition.equals(Condition.EVERYTHING) ? "" : " and " + sql.compile(condition, "r");
    }
}
