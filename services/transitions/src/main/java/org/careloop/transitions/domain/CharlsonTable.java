package org.careloop.transitions.domain;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * ICD-10-CM codes to comorbidities with weights; codes match by prefix, with or without the dot.
 *
 * @param version names the table and its edition
 * @param conditions the comorbidities that count
 */
public record CharlsonTable(String version, List<Condition> conditions) {

    /**
     * One comorbidity.
     *
     * @param name its key
     * @param weight the points that it counts once, however many codes say it
     * @param supersededBy keys of graver forms that count instead of this one when both are present
     * @param prefixes ICD-10-CM prefixes
     */
    public record Condition(String name, int weight, List<String> supersededBy, List<String> prefixes) {

        private boolean matches(String code) {
            return prefixes.stream().anyMatch(prefix -> code.startsWith(plain(prefix)));
        }
    }

    /** Returns the keys of the comorbidities that {@code codes} (ICD-10-CM) name, graver forms superseding lighter. */
    public Set<String> conditionsOf(Collection<String> codes) {
        Set<String> found = new LinkedHashSet<>();
        for (Condition condition : conditions) {
            if (codes.stream().map(CharlsonTable::plain).anyMatch(condition::matches)) {
                found.add(condition.name());
            }
        }
        Set<String> counted = new LinkedHashSet<>(found);
        conditions.stream()
                .filter(condition -> condition.supersededBy().stream().anyMatch(found::contains))
                .forEach(condition -> counted.remove(condition.name()));
        return counted;
    }

    /** Returns the sum of the weights of {@link #conditionsOf}. */
    public int weightOf(Collection<String> codes) {
        Set<String> counted = conditionsOf(codes);
        return conditions.stream()
                .filter(condition -> counted.contains(condition.name()))
                .mapToInt(Condition::weight)
                .sum();
    }

    private static String plain(String code) {
        return code.replace(".", "").toUpperCase(Locale.ROOT);
    }
}
