package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.SearchRequest.Cursor;
import org.careloop.fhirsearch.SearchRequest.Include;
import org.careloop.fhirsearch.SearchRequest.Order;
import org.careloop.fhirsearch.SearchRequest.SortKey;

/**
 * Reads query strings. Strict: a parameter, modifier or value that is not understood is refused, because a filter that
 * is silently dropped shows more than was asked for.
 */
public final class SearchParser {

    /** Name of the paging parameter in next links. */
    public static final String CURSOR = "_cursor";

    private static final Set<String> IGNORED = Set.of("_format", "_pretty", "_elements");

    /** They say what is shown of a resource, not what is found. */
    private static final Set<String> SHAPES = Set.of("true", "text", "data", "false");

    private static final int MOST_PARAMETERS = 100;
    private static final int MOST_SORT_KEYS = 8;

    private final int defaultCount;
    private final int largestCount;

    /** A parser that cuts {@code _count} down to {@code largestCount} and takes {@code defaultCount} without one. */
    public SearchParser(int defaultCount, int largestCount) {
        this.defaultCount = defaultCount;
        this.largestCount = largestCount;
    }

    /**
     * Reads a search of {@code type}; fails with {@link ProblemCode#UNSUPPORTED_PARAMETER} or {@link
     * ProblemCode#INVALID_PARAMETER}.
     */
    public SearchRequest parse(String type, List<QueryParameter> parameters) {
        if (parameters.size() > MOST_PARAMETERS) {
            throw new FhirProblem(
                    ProblemCode.TOO_COSTLY, "query: too many parameters (expected: at most " + MOST_PARAMETERS + ")");
        }
        Reading reading = new Reading(type);
        parameters.forEach(reading::take);
        return reading.finish();
    }

    /** Reads filters alone, such as the criteria of a conditional interaction or an access rule. */
    public static Condition condition(String type, List<QueryParameter> parameters) {
        return new Condition.AllOf(parameters.stream()
                .map(parameter -> ConditionParser.parse(type, parameter.name(), parameter.value()))
                .toList());
    }

    private final class Reading {
        private final String type;
        private final List<Condition> conditions = new ArrayList<>();
        private final List<Include> includes = new ArrayList<>();
        private final List<QueryParameter> applied = new ArrayList<>();
        private final List<SortKey> sort = new ArrayList<>();
        private int count = defaultCount;
        private boolean total;
        private boolean including;
        private boolean textAlone;
        private Optional<Cursor> cursor = Optional.empty();

        Reading(String type) {
            this.type = type;
        }

        void take(QueryParameter parameter) {
            String value = parameter.value();
            switch (parameter.name()) {
                case "_count" -> count = Math.min(count(value), largestCount);
                case "_sort" -> sort(value);
                case "_total" -> total = total(value);
                case "_summary" -> summary(value);
                case CURSOR -> cursor = Optional.of(cursor(value));
                case String name when IGNORED.contains(name) -> {}
                case String name when IncludeParser.reads(name) -> include(name, value);
                default -> conditions.add(ConditionParser.parse(type, parameter.name(), value));
            }
            if (!parameter.name().equals(CURSOR)) {
                applied.add(parameter);
            }
        }

        SearchRequest finish() {
            if (including && textAlone) {
                throw new FhirProblem(
                        ProblemCode.INVALID_PARAMETER,
                        "_summary: text beside _include or _revinclude (expected: one of the two)");
            }
            Order order = new Order(List.copyOf(sort));
            if (!cursor.map(order::fits).orElse(true)) {
                throw foreign();
            }
            return new SearchRequest(
                    Set.of(type), new Condition.AllOf(conditions), order, count, total, includes, cursor, applied);
        }

        private void include(String name, String value) {
            includes.addAll(IncludeParser.parse(type, name, value));
            including = true;
        }

        private void sort(String value) {
            for (String each : value.split(",", -1)) {
                boolean descending = each.startsWith("-");
                String name = descending ? each.substring(1) : each;
                sort.add(new SortKey(SortPath.sortable(type, name), descending));
            }
            if (sort.size() > MOST_SORT_KEYS) {
                throw new FhirProblem(
                        ProblemCode.TOO_COSTLY, "_sort: too many keys (expected: at most " + MOST_SORT_KEYS + ")");
            }
        }

        private void summary(String value) {
            textAlone = value.equals("text");
            if (SHAPES.contains(value)) {
                return;
            }
            if (!value.equals("count")) {
                throw unsupported("_summary", "true, text, data, count or false");
            }
            count = 0;
            total = true;
        }
    }

    private static int count(String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one refusal below.
        }
        throw new FhirProblem(ProblemCode.INVALID_PARAMETER, "_count: not a count (expected: 0 or more)");
    }

    private static boolean total(String value) {
        return switch (value) {
            case "none" -> false;
            case "accurate", "estimate" -> true;
            default -> throw unsupported("_total", "none, estimate or accurate");
        };
    }

    private static Cursor cursor(String value) {
        return Cursor.parse(value).orElseThrow(SearchParser::foreign);
    }

    private static FhirProblem foreign() {
        return new FhirProblem(ProblemCode.INVALID_PARAMETER, CURSOR + ": not a link of ours (expected: as given)");
    }

    private static FhirProblem unsupported(String parameter, String expected) {
        return new FhirProblem(
                ProblemCode.UNSUPPORTED_PARAMETER, parameter + ": value not supported (expected: " + expected + ")");
    }
}
