package org.careloop.patients.domain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.careloop.ruledata.RuleSource;

/**
 * The weights by which two Patients are compared; {@code rules/match.yaml} explains them.
 *
 * @param version told with each result
 * @param priorWeight log2 of the odds that two records that were drawn at random are of one person
 * @param unnamed patterns of the whole of a given name that is none
 * @param unknownNames patterns of the whole of a family name that is none
 */
public record MatchRules(
        String version,
        double priorWeight,
        Thresholds thresholds,
        double similarNames,
        Map<Field, Map<Agreement, Odds>> fields,
        List<Limit> limits,
        List<Map<Field, Set<Agreement>>> contradictions,
        Identifiers identifiers,
        List<Pattern> unnamed,
        List<Pattern> unknownNames,
        List<List<String>> nicknames) {

    /** From which score on a grade is given. */
    public record Thresholds(double certain, double probable, double possible) {}

    /** How often an element agrees so: {@code m} in records of one person, {@code u} of two. */
    public record Odds(double m, double u) {

        double weight() {
            return Math.log(m / u) / Math.log(2);
        }
    }

    /** A grade that is not exceeded where each of the fields agrees in one of the ways. */
    public record Limit(Map<Field, Set<Agreement>> when, Grade atMost, String because) {}

    /** Which identifiers are not compared: those of these types, and those that a pattern matches as a whole. */
    public record Identifiers(Set<String> notOfOnePerson, List<Pattern> placeholders) {}

    public MatchRules {
        if (thresholds.certain() < thresholds.probable() || thresholds.probable() < thresholds.possible()) {
            throw new IllegalStateException("match thresholds: not in order (expected: certain, probable, possible)");
        }
        fields.forEach((field, odds) -> odds.forEach((agreement, each) -> {
            if (each.m() <= 0 || each.m() >= 1 || each.u() <= 0 || each.u() >= 1 || agreement == Agreement.MISSING) {
                throw new IllegalStateException(
                        "match fields: " + field + ": m, u (expected: between 0 and 1, not of MISSING)");
            }
        }));
    }

    /** Returns the rules that come with the service. */
    public static MatchRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static MatchRules of(RuleSource source) {
        return source.read(MatchRules.class, "rules/match.yaml");
    }

    /** Returns of each given name, in lower case, the first of its forms. */
    Map<String, String> formsOfNames() {
        Map<String, String> forms = new HashMap<>();
        nicknames.forEach(all -> all.forEach(name -> forms.putIfAbsent(name, all.getFirst())));
        return forms;
    }
}
