package org.careloop.careplans.domain;

import java.util.List;

/** Which protocols apply to a discharge, in their order; data with a version. */
public record ProtocolSelection(String version, List<Rule> rules) {

    /** {@code protocol} applies if all {@code conditions} hold, or those of another rule for it. */
    public record Rule(String protocol, List<Applicability> conditions) {}

    /** Returns the ids of the protocols that apply. */
    public List<String> protocolsFor(DischargeFacts facts) {
        return rules.stream()
                .filter(rule -> rule.conditions().stream().allMatch(condition -> condition.holds(facts)))
                .map(Rule::protocol)
                .distinct()
                .toList();
    }
}
