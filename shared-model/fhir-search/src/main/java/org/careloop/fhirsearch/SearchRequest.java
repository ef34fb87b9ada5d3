package org.careloop.fhirsearch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * What a search asks for, read from its query string.
 *
 * @param types the types that are searched
 * @param count the most matches of one page, 0 for the total alone
 * @param cursor where the page starts; absent for the first page
 * @param applied the parameters that were understood, for the self link
 */
public record SearchRequest(
        Set<String> types,
        Condition condition,
        Order order,
        int count,
        boolean total,
        List<Include> includes,
        Optional<Cursor> cursor,
        List<QueryParameter> applied) {

    /** The one type that is searched; empty for a search of several. */
    @JsonIgnore
    public Optional<String> onlyType() {
        return types.size() == 1 ? types.stream().findFirst() : Optional.empty();
    }

    /** Returns the same search with another condition. */
    public SearchRequest withCondition(Condition other) {
        return new SearchRequest(types, other, order, count, total, includes, cursor, applied);
    }

    /** Returns the same search with other includes. */
    public SearchRequest withIncludes(List<Include> others) {
        return new SearchRequest(types, condition, order, count, total, others, cursor, applied);
    }

    /** Returns the same search with other pages. */
    public SearchRequest withCount(int other) {
        return new SearchRequest(types, condition, order, other, total, includes, cursor, applied);
    }

    /** Returns the same search with another start of the page. */
    public SearchRequest from(Optional<Cursor> other) {
        return new SearchRequest(types, condition, order, count, total, includes, other, applied);
    }

    /** Returns the same search that tells {@code others} as applied; they also say what is shown of a resource. */
    public SearchRequest withApplied(List<QueryParameter> others) {
        return new SearchRequest(types, condition, order, count, total, includes, cursor, others);
    }

    /** Returns the same search of {@code others} instead of its types. */
    public SearchRequest of(Set<String> others) {
        return new SearchRequest(others, condition, order, count, total, includes, cursor, applied);
    }

    /** Returns the search for all of {@code types} that fulfil {@code condition}; fails where there are more than {@code most}. */
    public static SearchRequest all(Set<String> types, Condition condition, int most) {
        return new SearchRequest(
                types, condition, Order.NEWEST_CREATED, most, false, List.of(), Optional.empty(), List.of());
    }

    /**
     * In which order matches come: by the keys, and where these are equal newest created first. A match without a value comes
     * last, in both directions.
     */
    public record Order(List<SortKey> keys) {

        /** Unless asked for. */
        public static final Order NEWEST_CREATED = new Order(List.of());

        /** The order of polls. */
        public static final Order NEWEST_CHANGED = new Order(List.of(new SortKey(SortKey.CHANGED, true)));

        public static final Order OLDEST_CHANGED = new Order(List.of(new SortKey(SortKey.CHANGED, false)));

        /** Whether the rows of resources have the order, without what is indexed of them. */
        @JsonIgnore
        public boolean isOfRows() {
            return equals(NEWEST_CREATED) || equals(NEWEST_CHANGED) || equals(OLDEST_CHANGED);
        }

        /**
         * Returns how the places of matches of several services compare; matches of one service stay as they came where no
         * order was asked for. Fails with {@link ProblemCode#UNSUPPORTED_PARAMETER} for an order that rows do not have unless
         * {@code type}, the one that is searched, tells what its keys mean.
         */
        public Comparator<Cursor> acrossServices(Optional<String> type) {
            Comparator<Cursor> oldest = Comparator.comparingLong(Cursor::changedMicros);
            if (equals(NEWEST_CREATED)) {
                return (one, other) -> 0;
            }
            if (!isOfRows()) {
                return new SortedPlaces(type.orElseThrow(Order::ofOneType), keys);
            }
            return equals(OLDEST_CHANGED) ? oldest : oldest.reversed();
        }

        /** The failure of who sorts several types by what each of them has of its own. */
        public static FhirProblem ofOneType() {
            return new FhirProblem(
                    ProblemCode.UNSUPPORTED_PARAMETER,
                    "_sort: several types are searched (expected: _lastUpdated or -_lastUpdated)");
        }

        /** Whether {@code cursor} may be of a page in this order. */
        boolean fits(Cursor cursor) {
            return isOfRows()
                    ? cursor.sortedBy().isEmpty()
                    : SortValues.read(cursor.sortedBy(), keys.size()).isPresent();
        }
    }

    /**
     * One key of an order.
     *
     * @param parameter a search parameter of the type that is searched
     */
    public record SortKey(String parameter, boolean descending) {

        /** The parameter that is the time of change. */
        public static final String CHANGED = "_lastUpdated";

        /** The parameter that is the logical id. */
        public static final String ID = "_id";
    }

    /**
     * Resources to add to the page.
     *
     * @param reverse {@code false}: what a match refers to by {@code parameter}; {@code true}: what refers to a match
     * @param source the type that holds the reference
     * @param target the type of what is referred to; absent for any
     * @param iterate whether it goes on from what was included
     */
    public record Include(boolean reverse, String source, String parameter, Optional<String> target, boolean iterate) {

        private static final String ANY = "*";

        /** All that a match or an included resource of any type refers to, step by step. */
        public static final Include ALL_OF_ALL = new Include(false, ANY, ANY, Optional.empty(), true);

        /** An include of one step. */
        public Include(boolean reverse, String source, String parameter, Optional<String> target) {
            this(reverse, source, parameter, target, false);
        }

        /** The index key of the reference parameter. */
        @JsonIgnore
        public long key() {
            return IndexHash.ofParameter(source, parameter);
        }
    }

    /**
     * The last match of the page before: its change time in microseconds since 1970, its row number, and what it was sorted
     * by, see {@link SortValues}; empty where the order is one of rows.
     */
    public record Cursor(long changedMicros, long row, String sortedBy) {

        private static final Pattern SYNTAX = Pattern.compile("(\\d{1,18})-(\\d{1,18})(?:-([A-Za-z0-9_-]{1,6000}))?");

        public Cursor(long changedMicros, long row) {
            this(changedMicros, row, "");
        }

        /** Reads what {@link #toString} wrote; empty when it is something else. */
        public static Optional<Cursor> parse(String text) {
            Matcher matcher = SYNTAX.matcher(text);
            return matcher.matches()
                    ? Optional.of(new Cursor(
                            Long.parseLong(matcher.group(1)),
                            Long.parseLong(matcher.group(2)),
                            Optional.ofNullable(matcher.group(3)).orElse("")))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return changedMicros + "-" + row + (sortedBy.isEmpty() ? "" : "-" + sortedBy);
        }
    }
}
