package org.careloop.transitions.domain;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Coverage;
import org.jspecify.annotations.Nullable;

/**
 * Which payer a Coverage is of; data, {@code rules/payers-1.yaml}. What no line has is unknown, not another payer: a measure leaves
 * out whom another pays for, and would be silent of whom nobody knows.
 */
public final class Payers {

    /** The payer of a Coverage whose type tells none. */
    public static final String UNKNOWN = "UNKNOWN";

    /** The data file. */
    record Rules(String version, List<String> order, List<Line> types) {}

    record Line(
            String system,
            @Nullable List<String> codes,
            @Nullable List<String> prefixes,
            String payer) {

        private boolean has(Coding coding) {
            String code = String.valueOf(coding.getCode());
            return system.equals(coding.getSystem())
                    && (codes != null && codes.contains(code)
                            || prefixes != null && prefixes.stream().anyMatch(code::startsWith));
        }
    }

    private final Rules rules;

    Payers(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules that come with the service. */
    public static Payers shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static Payers of(RuleSource source) {
        return new Payers(source.read(Rules.class, "rules/payers-1.yaml"));
    }

    /** Returns the payer of {@code coverage}; {@link #UNKNOWN} where its type is missing, or not one that tells. */
    public String of(Coverage coverage) {
        return rules.types().stream()
                .filter(line -> coverage.getType().getCoding().stream().anyMatch(line::has))
                .map(Line::payer)
                .findFirst()
                .orElse(UNKNOWN);
    }

    /**
     * Returns that of {@code payers} which counts when all cover a day; empty when none does, and when one is unknown that may come
     * before those that are known.
     */
    public Optional<String> first(Collection<String> payers) {
        Optional<String> known = rules.order().stream().filter(payers::contains).findFirst();
        return known.filter(
                payer -> !payers.contains(UNKNOWN) || payer.equals(rules.order().getFirst()));
    }
}
