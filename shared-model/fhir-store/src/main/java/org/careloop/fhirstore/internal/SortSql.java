package org.careloop.fhirstore.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirsearch.SearchRequest.Cursor;
import org.careloop.fhirsearch.SearchRequest.Order;
import org.careloop.fhirsearch.SortValues;
import org.jspecify.annotations.Nullable;

/**
 * The order of a page, and where it starts. An order of rows is that of an index. Any other is that of columns {@code s0, s1…}
 * beside each match, which are computed for all matches before the page is cut; a missing value comes last.
 *
 * @param keys empty for an order of rows
 * @param after the predicate of what follows the page before, empty for the first page
 */
record SortSql(Order asked, List<SortColumn> keys, String order, String after, SqlParameters parameters) {

    static SortSql of(SqlParameters parameters, SearchRequest request, SearchSql search) {
        Order order = request.order();
        if (order.isOfRows()) {
            return new SortSql(
                    order,
                    List.of(),
                    ofRows(order, search),
                    request.cursor()
                            .map(cursor -> " and " + after(parameters, order, search, cursor))
                            .orElse(""),
                    parameters);
        }
        String type = request.onlyType().orElseThrow(Order::ofOneType);
        List<SortColumn> keys = IntStream.range(0, order.keys().size())
                .mapToObj(i -> SortColumn.of(parameters, type, order.keys().get(i), "s" + i))
                .toList();
        return new SortSql(
                order,
                keys,
                keys.stream().map(SortColumn::order).collect(Collectors.joining(", ")) + ", r.rid desc",
                request.cursor()
                        .map(cursor -> " where " + after(parameters, keys, cursor))
                        .orElse(""),
                parameters);
    }

    private static String ofRows(Order order, SearchSql search) {
        if (order.equals(Order.NEWEST_CREATED)) {
            return search.row() + " desc";
        }
        return order.equals(Order.NEWEST_CHANGED)
                ? search.changed() + " desc, " + search.row() + " desc"
                : search.changed() + ", " + search.row();
    }

    /** Returns what follows the columns of a select: the matches in order, at most {@code most}. */
    String matches(SearchSql search, String unfenced, long most) {
        String limit = " order by " + order + " limit " + most;
        String from = " from " + search.from() + " where " + search.where() + unfenced;
        return keys.isEmpty()
                ? from + after + limit
                : " from (select r.*"
                        + keys.stream()
                                .map(key -> ", " + key.expression() + " as " + key.name())
                                .collect(Collectors.joining())
                        + from + ") r" + after + limit;
    }

    /** Returns the columns of what is sorted by, as texts. */
    String values() {
        return keys.stream().map(key -> ", r." + key.name() + "::text").collect(Collectors.joining());
    }

    /** Returns as many columns without a value. */
    String none() {
        return ", null::text".repeat(keys.size());
    }

    /** Returns what {@code row}, from {@code first} on, was sorted by. */
    static String valuesOf(Object[] row, int first) {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = first; i < row.length; i++) {
            values.add((String) row[i]);
        }
        return values.isEmpty() ? "" : SortValues.write(values);
    }

    private static String after(SqlParameters parameters, Order order, SearchSql search, Cursor cursor) {
        String row = parameters.add(cursor.row());
        String place = "(" + search.changed() + ", " + search.row() + ")";
        if (order.equals(Order.NEWEST_CREATED)) {
            return search.row() + " < " + row;
        }
        return place + (order.equals(Order.NEWEST_CHANGED) ? " < (" : " > (") + time(parameters, cursor) + ", " + row
                + ")";
    }

    private static String time(SqlParameters parameters, Cursor cursor) {
        return "timestamptz 'epoch' + " + parameters.add(cursor.changedMicros()) + " * interval '1 microsecond'";
    }

    /** After the first key's value, or equal there and after the second's, and so on. */
    private static String after(SqlParameters parameters, List<SortColumn> keys, Cursor cursor) {
        List<@Nullable String> values =
                SortValues.read(cursor.sortedBy(), keys.size()).orElseThrow(SortSql::foreign);
        List<String> alternatives = new ArrayList<>();
        StringBuilder equal = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            Optional<Object> value = Optional.ofNullable(values.get(i)).map(keys.get(i)::read);
            if (value.isPresent()) {
                alternatives.add(equal + keys.get(i).after(parameters.add(value.get())));
            }
            equal.append(keys.get(i).equal(value.map(parameters::add))).append(" and ");
        }
        alternatives.add(equal + "r.rid < " + parameters.add(cursor.row()));
        return alternatives.stream().collect(Collectors.joining(") or (", "((", "))"));
    }

    static FhirProblem foreign() {
        return new FhirProblem(
                ProblemCode.INVALID_PARAMETER,
                SearchParser.CURSOR + ": not a link of ours for this order (expected: as given)");
    }
}
