package org.careloop.fhirstore.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects the parameters of a statement while its text is written. */
final class SqlParameters {

    private static final Pattern TYPE = Pattern.compile("[A-Za-z]{1,64}");

    private final List<@Nullable Object> values;
    private int aliases;

    SqlParameters() {
        this(new ArrayList<>());
    }

    /** Goes on after {@code values}, to which it adds. */
    SqlParameters(List<@Nullable Object> values) {
        this.values = values;
    }

    /** Adds a value and returns its place in the text, {@code $n}. */
    String add(Object value) {
        values.add(value);
        return "$" + values.size();
    }

    /** Adds a value that may be absent. */
    String addNullable(@Nullable Object value) {
        values.add(value);
        return "$" + values.size();
    }

    /**
     * Adds a key and returns how the text names it. PostgreSQL does not see how frequent it is: a plan made for a rare one looks
     * cheaper than the kept one, so the statement would be planned anew for each request, which takes longer than running it.
     */
    String addKey(long key) {
        return "(select " + add(key) + "::bigint)";
    }

    /** As {@link #addKey}, a word: some organisations see nearly all patients, others few. */
    String addWord(String word) {
        return "(select " + add(word) + "::text)";
    }

    /** As {@link #addKey}, an array: PostgreSQL expects ten keys, never as many as there are. */
    String addKeys(Collection<Long> keys) {
        return "(select " + add(keys.toArray(Long[]::new)) + "::bigint[])::bigint[]";
    }

    /** Returns a resource type as the text has it, not as a parameter: how frequent a type is decides on plans. */
    static String type(String type) {
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("not a resource type");
        }
        return "'" + type + "'";
    }

    /** Returns a table alias that this statement does not use yet. */
    String alias() {
        return "x" + ++aliases;
    }

    Object[] toArray() {
        return values.toArray();
    }
}
