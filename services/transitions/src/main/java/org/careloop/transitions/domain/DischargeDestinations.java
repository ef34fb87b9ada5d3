package org.careloop.transitions.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

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
    public static DischargeDestinations shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static DischargeDestinations of(RuleSource source) {
        return new DischargeDestinations(source.read(Rules.class, "rules/discharge-destinations-1.yaml"));
    }

    /** Returns what {@code disposition} says: in our own terms, else by the first table that lists a code of it, else any other. */
    public DischargeDestination of(CodeableConcept disposition) {
        return DischargeDestination.named(disposition)
                .or(() -> rules.tables().stream()
                        .flatMap(table ->
                                disposition.getCoding().stream().flatMap(coding -> destination(table, coding).stream()))
                        .findFirst())
                .orElse(DischargeDestination.OTHER);
    }

    /** A code of one digit is written with or without a zero before it. */
    private static Optional<DischargeDestination> destination(Table table, Coding coding) {
        Map<String, DischargeDestination> codes = table.codes();
        return table.systems().contains(String.valueOf(coding.getSystem()))
                ? Optional.ofNullable(codes.getOrDefault(coding.getCode(), codes.get("0" + coding.getCode())))
                : Optional.empty();
    }
}
