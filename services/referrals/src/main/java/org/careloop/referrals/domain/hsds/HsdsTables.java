package org.careloop.referrals.domain.hsds;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tables of one HSDS file, by their names in HSDS 3. It remembers which rows were asked for, so that those which belong
 * to nothing can be told.
 *
 * @see <a href="https://docs.openreferral.org/en/v3.0.1/hsds/schema_reference.html">HSDS 3 schema</a>
 */
public final class HsdsTables {

    private final Map<String, List<HsdsRow>> rows = new LinkedHashMap<>();
    private final Map<String, Map<String, List<HsdsRow>>> links = new HashMap<>();
    private final List<HsdsIssue> issues = new ArrayList<>();

    /**
     * Adds a row; of two with one id the second is left out, and told of unless it says the same.
     *
     * @return whether it was added
     */
    public boolean add(HsdsRow row) {
        List<HsdsRow> table = rows.computeIfAbsent(row.table(), name -> new ArrayList<>());
        Optional<HsdsRow> same = row.values().containsKey(HsdsRow.ID)
                ? linked(row.table(), HsdsRow.ID, row.values().get(HsdsRow.ID)).stream()
                        .findFirst()
                : Optional.empty();
        if (same.isEmpty()) {
            table.add(row);
            index(row);
            return true;
        }
        if (!same.get().values().equals(row.values())) {
            issues.add(HsdsIssue.leftOut(row, HsdsRow.ID, "stands in an earlier row too (expected: once)"));
        }
        return false;
    }

    private void index(HsdsRow row) {
        row.values().forEach((column, value) -> {
            if (column.equals(HsdsRow.ID) || column.endsWith("_id")) {
                links.computeIfAbsent(row.table() + "." + column, name -> new HashMap<>())
                        .computeIfAbsent(value.strip(), id -> new ArrayList<>())
                        .add(row);
            }
        });
    }

    /** Adds what the reader of the file has to tell. */
    public void add(HsdsIssue issue) {
        issues.add(issue);
    }

    /** The number of the next row of {@code table}. */
    public int next(String table) {
        return rows.getOrDefault(table, List.of()).size() + 1;
    }

    /** Whether there is a row of {@code table}. */
    public boolean has(String table) {
        return rows.containsKey(table);
    }

    List<HsdsRow> all(String table) {
        List<HsdsRow> all = rows.getOrDefault(table, List.of());
        all.forEach(HsdsRow::take);
        return all;
    }

    private List<HsdsRow> linked(String table, String column, String id) {
        return links.getOrDefault(table + "." + column, Map.of()).getOrDefault(id, List.of());
    }

    /** Returns the rows of {@code table} whose {@code column} names {@code of}, in the order of the file. */
    List<HsdsRow> of(HsdsRow of, String table, String column) {
        List<HsdsRow> found = of.id().map(id -> linked(table, column, id)).orElse(List.of());
        found.forEach(row -> {
            row.get(column);
            row.take();
        });
        return found;
    }

    /** Returns the row of {@code table} that {@code column} of {@code from} names. */
    Optional<HsdsRow> target(HsdsRow from, String column, String table) {
        Optional<HsdsRow> found = from.get(column)
                .flatMap(id -> linked(table, HsdsRow.ID, id).stream().findFirst());
        found.ifPresent(HsdsRow::take);
        return found;
    }

    /** Returns what was told so far, what belongs to nothing, and the columns that nobody asked for. */
    List<HsdsIssue> issues() {
        List<HsdsIssue> all = new ArrayList<>(issues);
        Map<String, Integer> unread = new TreeMap<>();
        Set<String> unknown = new HashSet<>();
        rows.forEach((table, ofTable) -> {
            if (ofTable.stream().noneMatch(HsdsRow::isTaken)) {
                unknown.add(table);
                unread.put(table, ofTable.size());
            }
        });
        rows.values().stream()
                .flatMap(List::stream)
                .filter(row -> !unknown.contains(row.table()))
                .forEach(row -> {
                    if (row.isTaken()) {
                        row.unread().forEach(column -> unread.merge(row.table() + "." + column, 1, Integer::sum));
                    } else {
                        all.add(new HsdsIssue(
                                HsdsIssue.Weight.LEFT_OUT,
                                row.place(),
                                "belongs to nothing that is imported from this file"));
                    }
                });
        unread.forEach((place, count) -> all.add(new HsdsIssue(
                HsdsIssue.Weight.NO_PLACE, place, "has no place in the directory (rows: " + count + ")")));
        return all;
    }
}
