package org.careloop.referrals.domain.hsds;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A row of a table of HSDS. It remembers which columns were asked for, so that those which nobody asked for can be told.
 */
public final class HsdsRow {

    static final String ID = "id";

    private final String table;
    private final int number;
    private final Map<String, String> values;
    private final Set<String> read = new HashSet<>(Set.of(ID));
    private boolean taken;
    private boolean left;

    /**
     * A row with these values by column.
     *
     * @param number counted in its table, from 1 on
     */
    public HsdsRow(String table, int number, Map<String, String> values) {
        this.table = table;
        this.number = number;
        this.values = values;
    }

    /** The table's name in HSDS 3, such as {@code service_at_location}. */
    public String table() {
        return table;
    }

    /** Where a problem is, as an answer names it. */
    String place() {
        return table + "[" + number + "]";
    }

    /** Returns what stands in {@code column}, without spaces around; empty when nothing does. */
    Optional<String> get(String column) {
        read.add(column);
        return Optional.ofNullable(values.get(column)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The row's own id. */
    Optional<String> id() {
        return get(ID);
    }

    void take() {
        taken = true;
    }

    boolean isTaken() {
        return taken;
    }

    /** The whole row is not imported and that is told, so its columns are not told one by one. */
    void leave() {
        left = true;
    }

    /** Returns the columns that hold something and that nobody asked for. */
    Set<String> unread() {
        if (left) {
            return Set.of();
        }
        Set<String> columns = new HashSet<>(values.keySet());
        columns.removeIf(column -> read.contains(column) || values.get(column).isBlank());
        return columns;
    }

    Map<String, String> values() {
        return values;
    }
}
