package org.careloop.fhirstore.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the parameters of a statement while its text is written. */
final class SqlParameters {

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

    /** Returns a table alias that this statement does not use yet. */
    String alias() {
        return "x" + ++aliases;
    }

    Object[] toArray() {
        return values.toArray();
    }
}
