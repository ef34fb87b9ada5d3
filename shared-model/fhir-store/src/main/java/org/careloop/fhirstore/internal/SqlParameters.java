package org.careloop.fhirstore.internal;

import java.util.ArrayList;
import java.util.Collection;
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

    /**
     * Adds keys and returns how the text names their array. PostgreSQL expects ten, never as many as there are: a plan that is
     * made for one key looks cheaper than the kept one, so the statement would be planned anew each time.
     */
    String addKeys(Collection<Long> keys) {
        return "(select " + add(keys.toArray(Long[]::new)) + "::bigint[])::bigint[]";
    }

    /** Returns a table alias that this statement does not use yet. */
    String alias() {
        return "x" + ++aliases;
    }

    Object[] toArray() {
        return values.toArray();
    }
}
