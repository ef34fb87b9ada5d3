package org.careloop.careplans.domain;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionActionConditionComponent;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a protocol, held as data: a fact of the discharge and the values for which it holds. The facts are a
 * closed set, so that a rule of a site cannot do more than compare.
 */
public record Applicability(Fact fact, List<String> values) {

    private static final String UNKNOWN = "unknown";
    private static final String NONE = "none";
    private static final Pattern AGES = Pattern.compile("([0-9]{1,3})-([0-9]{0,3})|" + UNKNOWN);

    /** What a condition may ask of a discharge. */
    public enum Fact {
        DISPOSITION("disposition"),
        /** {@code unknown} when it was not computed. */
        RISK_BAND("risk-band"),
        /** True if any diagnosis begins with one of the values; dots do not count. */
        DIAGNOSIS_PREFIX("diagnosis-prefix"),
        /** As {@link #DIAGNOSIS_PREFIX}, of what the stay was for alone. */
        PRINCIPAL_DIAGNOSIS_PREFIX("principal-diagnosis-prefix"),
        /** Full years at the discharge, within {@code from-to} or {@code from-}; {@code unknown} without a birth date. */
        AGE("age"),
        /** How the stay, or that from which the patient was transferred, follows from an earlier one; {@code none} when none does. */
        STAY_RELATION("stay-relation");

        private final String code;

        Fact(String code) {
            this.code = code;
        }
    }

    /** Reads a condition; fails with IllegalArgumentException when the fact is unknown or has no values. */
    public static Applicability of(String fact, List<String> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("in: missing for " + fact + " (expected: at least one value)");
        }
        if (Fact.AGE.code.equals(fact)
                && !values.stream().allMatch(value -> AGES.matcher(value).matches())) {
            throw new IllegalArgumentException("in: not an age (expected: from-to, from- or unknown)");
        }
        return Arrays.stream(Fact.values())
                .filter(known -> known.code.equals(fact))
                .findFirst()
                .map(known -> new Applicability(known, List.copyOf(values)))
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "fact: unknown (expected: disposition, risk-band, diagnosis-prefix, principal-diagnosis-prefix, age or stay-relation)"));
    }

    static Applicability of(PlanDefinitionActionConditionComponent condition) {
        Extension rule = condition.getExtensionByUrl(PlanVocabulary.APPLICABILITY);
        if (rule == null) {
            throw new IllegalArgumentException(
                    "condition: has no rule (expected: " + PlanVocabulary.APPLICABILITY + ")");
        }
        return of(
                rule.getExtensionString("fact"),
                rule.getExtensionsByUrl("in").stream()
                        .map(value -> ((PrimitiveType<?>) value.getValue()).getValueAsString())
                        .toList());
    }

    /** Whether the condition holds for {@code facts}. */
    public boolean holds(DischargeFacts facts) {
        return switch (fact) {
            case DISPOSITION -> values.contains(facts.discharge().disposition());
            case RISK_BAND -> values.contains(facts.riskBand().orElse(UNKNOWN));
            case DIAGNOSIS_PREFIX -> facts.diagnoses().stream().anyMatch(this::begins);
            case PRINCIPAL_DIAGNOSIS_PREFIX ->
                facts.diagnoses().stream().limit(1).anyMatch(this::begins);
            case AGE ->
                facts.age()
                        .map(age -> values.stream().anyMatch(value -> isWithin(age, value)))
                        .orElseGet(() -> values.contains(UNKNOWN));
            case STAY_RELATION ->
                facts.relations().isEmpty()
                        ? values.contains(NONE)
                        : facts.relations().stream().anyMatch(values::contains);
        };
    }

    private boolean begins(DischargeFacts.Diagnosis diagnosis) {
        String code = undotted(diagnosis.code().getCode());
        return values.stream().anyMatch(value -> code.startsWith(undotted(value)));
    }

    private static boolean isWithin(int age, String range) {
        Matcher ages = AGES.matcher(range);
        return !range.equals(UNKNOWN)
                && ages.matches()
                && age >= Integer.parseInt(ages.group(1))
                && (ages.group(2).isEmpty() || age <= Integer.parseInt(ages.group(2)));
    }

    private static String undotted(@Nullable String code) {
        return code == null ? "" : code.replace(".", "");
    }
}
