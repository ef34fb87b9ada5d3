package org.careloop.fhirsearch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    /** Returns the same search in another order. */
    public SearchRequest inOrder(Order other) {
        return new SearchRequest(types, condition, other, count, total, includes, cursor, applied);
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

    /** In which order matches come; {@link #NEWEST_CREATED} unless asked for. */
    public enum Order {
        NEWEST_CREATED,
        NEWEST_CHANGED,
        OLDEST_CHANGED
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

    /** The last match of the page before: its change time in microseconds since 1970 and its row number. */
    public record Cursor(long changedMicros, long row) {

        @Override
        public String toString() {
            return changedMicros + "-" + row;
        }
    }
}
