package org.careloop.fhirsearch;

import java.util.List;
import java.util.Optional;

/**
 * What a search asks for, read from its query string.
 *
 * @param count the most matches of one page, 0 for the total alone
 * @param cursor where the page starts; absent for the first page
 * @param applied the parameters that were understood, for the self link
 */
public record SearchRequest(
        String type,
        Condition condition,
        Order order,
        int count,
        boolean total,
        List<Include> includes,
        Optional<Cursor> cursor,
        List<QueryParameter> applied) {

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
     */
    public record Include(boolean reverse, String source, String parameter, Optional<String> target) {

        /** The index key of the reference parameter. */
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
