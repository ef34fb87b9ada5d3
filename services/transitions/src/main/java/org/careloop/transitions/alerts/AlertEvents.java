package org.careloop.transitions.alerts;

import java.util.Map;
import java.util.Optional;
import org.careloop.ruledata.RuleData;
import org.careloop.transitions.domain.StayStep;

/** What an event of a notification says of the stay; data, {@code code-maps/alert-events.yaml}. */
final class AlertEvents {

    record Rules(String version, Map<String, StayStep> events) {}

    private static final Rules RULES = RuleData.fromResource(Rules.class, "code-maps/alert-events.yaml");

    private AlertEvents() {}

    static Optional<StayStep> of(String code) {
        return RULES.events().entrySet().stream()
                .filter(known -> code.equals(known.getKey()) || code.startsWith(known.getKey() + "-"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    static String list() {
        return String.join(", ", RULES.events().keySet());
    }
}
