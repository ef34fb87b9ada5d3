package org.careloop.transitions.domain;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The checklist of a discharge as it is now: what people said last of each item, and what the platform knows itself. A function of
 * both; what was said before stays as history.
 */
public record DischargeChecklist(List<State> items) {

    /**
     * How an item is.
     *
     * @param reason why it is so: a code
     * @param evidence literal references to what shows it
     * @param said what a person said of it last
     */
    public record State(
            ChecklistRules.Item item,
            ChecklistStatus status,
            Optional<String> reason,
            List<String> evidence,
            Optional<ChecklistEntry> said) {}

    /**
     * What the platform knows of a discharge.
     *
     * @param destination whereto the patient goes; empty while nobody has said so
     * @param band the risk; empty when it was not computed
     * @param shown literal references to what shows an item of itself, by its {@code automatic}
     */
    public record Known(
            Optional<DischargeDestination> destination, Optional<RiskBand> band, Map<String, String> shown) {

        /** What an evaluation rests on. */
        public String basis() {
            return destination.map(Enum::name).orElse("") + "/"
                    + band.map(Enum::name).orElse("");
        }
    }

    private static final String CHANGED = "changed-since";
    private static final String NOT_POST_ACUTE = "not-to-post-acute-care";
    private static final String KNOWN = "known-to-the-platform";

    /** Returns the checklist by {@code entries}, in any order. */
    public static DischargeChecklist of(ChecklistRules rules, Known known, List<ChecklistEntry> entries) {
        Map<String, ChecklistEntry> last = entries.stream()
                .collect(Collectors.toMap(
                        ChecklistEntry::item,
                        entry -> entry,
                        (one, other) ->
                                Comparator.comparing(ChecklistEntry::at).compare(one, other) > 0 ? one : other));
        return new DischargeChecklist(rules.items().stream()
                .map(item -> state(item, rules, known, Optional.ofNullable(last.get(item.code()))))
                .toList());
    }

    /** Whether nothing is open. */
    public boolean isComplete() {
        return items.stream().noneMatch(state -> state.status() == ChecklistStatus.OPEN);
    }

    private static State state(
            ChecklistRules.Item item, ChecklistRules rules, Known known, Optional<ChecklistEntry> said) {
        Optional<String> shown = Optional.ofNullable(item.automatic()).map(known.shown()::get);
        if (said.isPresent()) {
            ChecklistEntry entry = said.get();
            boolean stale = item.isAgain()
                    && entry.status() == ChecklistStatus.DONE
                    && !entry.basis().equals(known.basis());
            return stale
                    ? new State(item, ChecklistStatus.OPEN, Optional.of(CHANGED), entry.evidence(), said)
                    : new State(item, entry.status(), Optional.empty(), entry.evidence(), said);
        }
        boolean elsewhere = item.isOnlyPostAcute()
                && known.destination()
                        .filter(where -> !rules.postAcuteDestinations().contains(where))
                        .isPresent();
        if (elsewhere) {
            return new State(item, ChecklistStatus.NOT_APPLICABLE, Optional.of(NOT_POST_ACUTE), List.of(), said);
        }
        return shown.map(evidence -> new State(item, ChecklistStatus.DONE, Optional.of(KNOWN), List.of(evidence), said))
                .orElseGet(() -> new State(item, ChecklistStatus.OPEN, Optional.empty(), List.of(), said));
    }
}
