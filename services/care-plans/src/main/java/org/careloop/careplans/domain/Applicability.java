package org.careloop.careplans.domain;

import java.util.Arrays;
import java.util.List;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionActionConditionComponent;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a protocol, held as data: a fact of the discharge and the values for which it holds. The facts are a
 * closed set, so that a rule of a site cannot do more than compare.
 */
public record Applicability(Fact fact, List<String> values) {

    /** What a condition may ask of a discharge. */
    public enum Fact {
        DISPOSITION("disposition"),
        /** {@code unknown} when it was not computed. */
        RISK_BAND("risk-band"),
        /** True if any diagnosis begins with one of the values; dots do not count. */
        DIAGNOSIS_PREFIX("diagnosis-prefix");

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
        return Arrays.stream(Fact.values())
                .filter(known -> known.code.equals(fact))
                .findFirst()
                .map(known -> new Applicability(known, List.copyOf(values)))
                .orElseThrow(() -> new IllegalArgumentException(
                        "fact: unknown (expected: disposition, risk-band or diagnosis-prefix)"));
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
            case RISK_BAND -> values.contains(facts.riskBand().orElse("unknown"));
            case DIAGNOSIS_PREFIX ->
                facts.diagnoses().stream()
                        .map(diagnosis -> undotted(diagnosis.code().getCode()))
                        .anyMatch(code -> values.stream().anyMatch(value -> code.startsWith(undotted(value))));
        };
    }

    private static String undotted(@Nullable String code) {
        return code == null ? "" : code.replace(".", "");
    }
}
