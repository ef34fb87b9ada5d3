package org.careloop.fhirrest.audit;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How interactions and statuses are coded in AuditEvents.
 *
 * @see <a href="https://profiles.ihe.net/ITI/BALP/content.html">IHE Basic Audit Log Patterns</a>
 */
final class AuditCodes {

    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("create", "C"),
            Map.entry("read", "R"),
            Map.entry("vread", "R"),
            Map.entry("history-instance", "R"),
            Map.entry("history-type", "R"),
            Map.entry("history-system", "R"),
            Map.entry("update", "U"),
            Map.entry("patch", "U"),
            Map.entry("delete", "D"),
            Map.entry("prune", "D"),
            Map.entry("search-type", "E"),
            Map.entry("search-system", "E"),
            Map.entry("operation", "E"),
            Map.entry("transaction", "E"));

    /** FHIR's {@code search} is the parent of both. */
    private static final String SEARCH = "search";

    private static final Set<String> SEARCHES = Set.of("search-type", "search-system");

    /** What an operator does with the trail itself; all else is RESTful. */
    private static final String PRUNE = "prune";

    private AuditCodes() {}

    static String action(String interaction) {
        return ACTIONS.getOrDefault(interaction, "E");
    }

    static boolean isOfTheTrail(String interaction) {
        return interaction.equals(PRUNE);
    }

    static boolean isSearch(String interaction) {
        return SEARCHES.contains(interaction);
    }

    /** Data flows from the server to the client, as BALP counts reads; of all else the request is what flows. */
    static boolean isRead(String interaction) {
        return action(interaction).equals("R");
    }

    /** The interactions with one of these actions. */
    static Collection<String> interactionsOf(List<String> actions) {
        return ACTIONS.entrySet().stream()
                .filter(entry -> actions.contains(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The interactions that these subtypes mean. */
    static Collection<String> interactions(List<String> subtypes) {
        Set<String> all = new TreeSet<>(subtypes);
        if (all.contains(SEARCH)) {
            all.addAll(SEARCHES);
        }
        return all;
    }

    /** The interactions of these types of event: {@code rest}, or DICOM's Audit Log Used. */
    static Collection<String> interactionsOfTypes(List<String> types) {
        return ACTIONS.keySet().stream()
                .filter(interaction -> types.contains(isOfTheTrail(interaction) ? "110101" : "rest"))
                .toList();
    }

    static String outcome(int status) {
        return status < 400 ? "0" : status < 500 ? "4" : "8";
    }

    /** The hundreds of the statuses with these outcomes. */
    static Set<Integer> statuses(List<String> outcomes) {
        return Set.of(2, 3, 4, 5).stream()
                .filter(hundreds -> outcomes.contains(outcome(hundreds * 100)))
                .collect(Collectors.toSet());
    }
}
