package org.careloop.fhirstore.internal;

import java.util.ArrayList;
import java.util.List;

/** Collects the parameters of a statement while its text is written. */
final class SqlParameters {

    private final List<Object> values = new ArrayList<>();
    private int aliases;

    /** Adds a value and returns its place in the text, {@code $n}. */
    String add(Object value) {
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
