package org.careloop.transitions.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.ruledata.RuleData;
import org.hl7.fhir.r4.model.CodeableConcept;

/** What a discharge disposition means to our rules; data, {@code rules/discharge-destinations-1.yaml}. */
public final class DischargeDestinations {

    /** The data file. */
    record Rules(String version, List<Table> tables) {}

    /** What the codes of some systems, which share them, mean. */
    record Table(List<String> systems, Map<String, DischargeDestination> codes) {}

    private final Rules rules;

    DischargeDestinations(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules that come with the service. */
    public static DischargeDestinations standard() {
        return new DischargeDestinations(RuleData.fromResource(Rules.class, "rules/discharge-destinations-1.yaml"));
    }

    /** Returns what {@code disposition} says: in our own terms, else by the first of its codes that is listed; empty when none is. */
    public Optional<DischargeDestination> of(CodeableConcept disposition) {
        return DischargeDestination.named(disposition)
                .or(() -> disposition.getCoding().stream()
                        .flatMap(coding ->
                                destination(String.valueOf(coding.getSystem()), String.valueOf(coding.getCode()))
                                        .stream())
                        .findFirst());
    }

    /** A code of one digit is written with or without a zero before it. */
    private Optional<DischargeDestination> destination(String system, String code) {
        return rules.tables().stream()
                .filter(table -> table.systems().contains(system))
                .map(Table::codes)
                .flatMap(codes -> Optional.ofNullable(codes.getOrDefault(code, codes.get("0" + code))).stream())
                .findFirst();
    }
}
