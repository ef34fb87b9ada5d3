package org.careloop.fhirstore.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careloop.fhirsearch.Condition;

/**
 * Drives a search for what refers to few resources by any of several parameters, as what is in a compartment does: the rows
 * of all of them together, each once.
 */
final class MembersSql {

    private static final int FEW = 16;

    private MembersSql() {}

    /** Tells whether {@code condition} is of this kind; then few rows fulfil it. */
    static boolean drives(Condition condition) {
        return condition instanceof Condition.AnyOf any
                && !any.conditions().isEmpty()
                && any.conditions().stream().allMatch(MembersSql::namesFew);
    }

    private static boolean namesFew(Condition condition) {
        return condition instanceof Condition.RefersTo refers && refers.anyOf().size() <= FEW
                || condition instanceof Condition.HasKey key && key.anyOf().size() <= FEW;
    }

    /** Returns a table of {@code rid} for {@code any}, of which {@link #drives} holds. */
    static String rows(SqlParameters parameters, Condition.AnyOf any) {
        Map<Set<Long>, List<Long>> byTarget = new HashMap<>();
        List<String> selects = new ArrayList<>();
        for (Condition condition : any.conditions()) {
            if (condition instanceof Condition.RefersTo refers) {
                byTarget.computeIfAbsent(refers.anyOf(), targets -> new ArrayList<>())
                        .add(refers.parameter());
            } else if (condition instanceof Condition.HasKey key) {
                selects.add("select k.rid from resource k where k.ref " + ConditionSql.oneOf(parameters, key.anyOf()));
            }
        }
        byTarget.forEach((targets, by) -> selects.add("select i.rid from unnest("
                + parameters.add(by.toArray(Long[]::new)) + "::bigint[]) m (parameter) join reference_index i"
                + " on i.parameter = m.parameter and i.target " + ConditionSql.oneOf(parameters, targets)));
        return "(" + String.join(" union ", selects) + (selects.size() == 1 ? " group by 1" : "") + ")";
    }
}
