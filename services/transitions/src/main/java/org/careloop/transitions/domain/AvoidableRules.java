package org.careloop.transitions.domain;

import java.math.BigDecimal;
import java.util.Map;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.ruledata.RuleSource;

/** Reasons and attributions of avoidable days, and what a day costs; data, {@code rules/avoidable-days-2026.yaml}. */
public record AvoidableRules(
        String version, Map<String, String> reasons, Map<String, String> attributions, Cost costPerDay) {

    /** What a day costs, and who says so of which year. */
    public record Cost(BigDecimal amount, String currency, int year, String source) {}

    /** Returns the rules that come with the service. */
    public static AvoidableRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static AvoidableRules of(RuleSource source) {
        return source.read(AvoidableRules.class, "rules/avoidable-days-2026.yaml");
    }

    /** Fails with {@link ProblemCode#INVALID_PARAMETER} when either is no code of these rules. */
    public void check(String reason, String attribution) {
        check("reason", reason, reasons);
        check("attribution", attribution, attributions);
    }

    private static void check(String parameter, String code, Map<String, String> known) {
        if (!known.containsKey(code)) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    parameter + ": unknown (expected: "
                            + String.join(", ", known.keySet().stream().sorted().toList()) + ")");
        }
    }
}
