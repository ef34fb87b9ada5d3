package org.careloop.transitions.domain;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.transitions.domain.ChecklistRules.RestsOn;

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
     * @param destination whereto the patient goes; empty while nobody has said so in terms that are known here
     * @param band the risk; empty when it could not be computed
     * @param shown literal references to what shows an item of itself, by its {@code automatic}
     */
    public record Known(
            Optional<DischargeDestination> destination, Optional<RiskBand> band, Map<String, String> shown) {

        public Known {
            destination = destination.filter(where -> where != DischargeDestination.OTHER);
            band = band.filter(known -> known != RiskBand.UNKNOWN);
        }

        /** What an evaluation rests on. */
        public String basis() {
            return destination.map(Enum::name).orElse("") + "/"
                    + band.map(Enum::name).orElse("");
        }

        /** Whether something of {@code on} is not as it was in {@code basis}; what nobody knew then cannot have changed. */
        private boolean hasChangedSince(String basis, Set<RestsOn> on) {
            List<String> before = List.of(basis.split("/", -1));
            List<String> now = List.of(basis().split("/", -1));
            return on.contains(RestsOn.DESTINATION) && differs(before.getFirst(), now.getFirst())
                    || on.contains(RestsOn.RISK) && differs(before.getLast(), now.getLast());
        }

        private static boolean differs(String before, String now) {
            return !before.isEmpty() && !before.equals(now);
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
        if (said.filter(entry -> !isOutdated(entry, item, rules, known)).isPresent()) {
            ChecklistEntry entry = said.get();
            return new State(item, entry.status(), Optional.empty(), entry.evidence(), said);
        }
        if (item.isOnlyPostAcute()
                && known.destination().isPresent()
                && !rules.isPostAcute(known.destination().get())) {
            return new State(item, ChecklistStatus.NOT_APPLICABLE, Optional.of(NOT_POST_ACUTE), List.of(), said);
        }
        if (said.isPresent()) {
            return new State(
                    item, ChecklistStatus.OPEN, Optional.of(CHANGED), said.get().evidence(), said);
        }
        return Optional.ofNullable(item.automatic())
                .map(known.shown()::get)
                .map(evidence -> new State(item, ChecklistStatus.DONE, Optional.of(KNOWN), List.of(evidence), said))
                .orElseGet(() -> new State(item, ChecklistStatus.OPEN, Optional.empty(), List.of(), said));
    }

    /** Whether what {@code entry} says is not to be relied on: it was said of another risk or destination. */
    private static boolean isOutdated(
            ChecklistEntry entry, ChecklistRules.Item item, ChecklistRules rules, Known known) {
        return entry.status() != ChecklistStatus.OPEN
                && (known.hasChangedSince(entry.basis(), item.restsOn()) || isRefuted(entry, item, rules, known));
    }

    /** Who said, before anybody knew whereto, that the patient would not go to post-acute care, was wrong when they do. */
    private static boolean isRefuted(
            ChecklistEntry entry, ChecklistRules.Item item, ChecklistRules rules, Known known) {
        return entry.status() == ChecklistStatus.NOT_APPLICABLE
                && item.isOnlyPostAcute()
                && !item.isOptional()
                && entry.basis().startsWith("/")
                && known.destination().filter(rules::isPostAcute).isPresent();
    }
}
