package org.careloop.patients.domain.reconciliation;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueSeverity;
import org.jspecify.annotations.Nullable;

/**
 * What counts as a difference, as data; {@code rules/reconciliation.yaml} explains it.
 *
 * @param version told with each answer
 * @param polypharmacy so many medicines are
 * @param homeLists LOINC codes of Lists of what was taken before, {@code dischargeLists}: of what is to be taken after
 * @param routes other names of a route, {@code frequencies}: of how often on a day
 * @param hours the hour of the day that each code of {@code Timing.repeat.when} stands for
 */
public record ReconciliationRules(
        String version,
        int polypharmacy,
        Map<String, KindRule> kinds,
        Set<String> homeLists,
        Set<String> dischargeLists,
        Map<String, List<String>> routes,
        Map<String, List<String>> frequencies,
        Map<String, Integer> hours) {

    /** How grave a kind is, and how it is told. */
    public record KindRule(
            String severity, String highRisk, @Nullable String actCode, String text) {}

    /** Fails with {@link IllegalStateException} unless each kind has a rule that can be read. */
    public ReconciliationRules {
        for (DifferenceKind kind : DifferenceKind.values()) {
            KindRule rule = kinds.get(kind.code());
            if (rule == null) {
                throw new IllegalStateException("reconciliation kinds: " + kind.code() + " missing (expected: a rule)");
            }
            DetectedIssueSeverity.valueOf(rule.severity().toUpperCase(Locale.ROOT));
            DetectedIssueSeverity.valueOf(rule.highRisk().toUpperCase(Locale.ROOT));
        }
    }

    /** Returns the rules that come with the service. */
    public static ReconciliationRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static ReconciliationRules of(RuleSource source) {
        return source.read(ReconciliationRules.class, "rules/reconciliation.yaml");
    }

    /** The rule of {@code kind}. */
    public KindRule rule(DifferenceKind kind) {
        return Objects.requireNonNull(kinds.get(kind.code()));
    }

    /** How grave {@code kind} is. */
    DetectedIssueSeverity severity(DifferenceKind kind, boolean highRisk) {
        KindRule rule = rule(kind);
        return DetectedIssueSeverity.valueOf((highRisk ? rule.highRisk() : rule.severity()).toUpperCase(Locale.ROOT));
    }

    /** Returns the route of each of its names, folded. */
    Map<String, String> routesByName() {
        Map<String, String> byName = new HashMap<>();
        routes.forEach((route, names) -> names.forEach(name -> byName.put(fold(name), route)));
        return byName;
    }

    /** Returns how often on a day each name of a frequency says, folded. */
    Map<String, BigDecimal> frequenciesByName() {
        Map<String, BigDecimal> byName = new HashMap<>();
        frequencies.forEach((often, names) -> names.forEach(name -> byName.put(fold(name), new BigDecimal(often))));
        return byName;
    }

    static String fold(String text) {
        return String.join(" ", MedicineText.words(text));
    }
}
