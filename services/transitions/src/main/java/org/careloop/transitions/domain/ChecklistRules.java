package org.careloop.transitions.domain;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.ruledata.RuleSource;
import org.jspecify.annotations.Nullable;

/** What a discharge has to have; data, {@code rules/discharge-checklist-2026.yaml}. */
public record ChecklistRules(
        String version, Set<DischargeDestination> postAcuteDestinations, Set<String> qualifications, List<Item> items) {

    private static final Pattern REFERENCE = Pattern.compile("[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}");

    /** For whom an item is. */
    public enum When {
        ALWAYS,
        POST_ACUTE
    }

    /** What a statement rests on that may change. */
    public enum RestsOn {
        DESTINATION,
        RISK
    }

    /**
     * One item.
     *
     * @param automatic what the platform knows that shows it: {@code risk-assessment}, or the code of a milestone
     * @param evidence the types of resources that may show it; empty: any statement
     * @param evidenceNeeded whether one of them has to be named
     * @param choiceNeeded whether whom the person chose has to be named
     * @param again it is to be said again when one of these changes
     * @param optional whether a person may say that it does not apply
     */
    public record Item(
            String code,
            String title,
            String source,
            @Nullable String automatic,
            @Nullable When when,
            @Nullable Set<String> evidence,
            @Nullable Boolean evidenceNeeded,
            @Nullable Boolean choiceNeeded,
            @Nullable Set<RestsOn> again,
            @Nullable Boolean optional) {

        boolean isOnlyPostAcute() {
            return when == When.POST_ACUTE;
        }

        Set<RestsOn> restsOn() {
            return again == null ? Set.of() : again;
        }

        boolean isOptional() {
            return Boolean.TRUE.equals(optional);
        }

        Set<String> evidenceTypes() {
            return evidence == null ? Set.of() : evidence;
        }
    }

    public ChecklistRules {
        if (new HashSet<>(items.stream().map(Item::code).toList()).size() != items.size()) {
            throw new IllegalStateException("items: a code stands twice (expected: each once)");
        }
    }

    /** Returns the rules that come with the service. */
    public static ChecklistRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static ChecklistRules of(RuleSource source) {
        return source.read(ChecklistRules.class, "rules/discharge-checklist-2026.yaml");
    }

    /** Whether who goes to {@code destination} chooses an agency or facility from a list. */
    boolean isPostAcute(DischargeDestination destination) {
        return postAcuteDestinations.contains(destination);
    }

    /** Fails with {@link ProblemCode#INVALID_PARAMETER} unless {@code said} is whole, by somebody who may say so. */
    public void check(ChecklistEntry said) {
        Item item = items.stream()
                .filter(each -> each.code().equals(said.item()))
                .findFirst()
                .orElseThrow(() -> fault("item", "unknown (expected: a code of the checklist)"));
        require(
                qualifications.contains(said.qualification()),
                "qualification",
                "unknown (expected: "
                        + String.join(", ", qualifications.stream().sorted().toList()) + ")");
        require(isPerson(said.by()), "by", "not a person (expected: Practitioner/id or PractitionerRole/id)");
        require(
                said.evidence().stream()
                        .allMatch(each -> REFERENCE.matcher(each).matches()),
                "evidence",
                "not a literal reference (expected: Type/id)");
        boolean noted = said.note().filter(note -> !note.isBlank()).isPresent();
        switch (said.status()) {
            case DONE -> done(item, said);
            case NOT_APPLICABLE -> {
                require(
                        item.isOptional() || item.isOnlyPostAcute(),
                        "status",
                        "not one of this item (expected: done or open)");
                require(noted, "note", "missing (expected: why it does not apply)");
            }
            case OPEN -> require(noted, "note", "missing (expected: why it is open again)");
        }
    }

    private static void done(Item item, ChecklistEntry said) {
        Set<String> types = item.evidenceTypes();
        require(
                types.isEmpty() || said.evidence().stream().allMatch(each -> types.contains(typeOf(each))),
                "evidence",
                "not of this item (expected: "
                        + String.join(", ", types.stream().sorted().toList()) + ")");
        require(
                !Boolean.TRUE.equals(item.evidenceNeeded()) || !said.evidence().isEmpty(),
                "evidence",
                "missing (expected: "
                        + String.join(", ", types.stream().sorted().toList()) + ")");
        require(
                !Boolean.TRUE.equals(item.choiceNeeded())
                        || said.choice()
                                .filter(choice -> Set.of("Organization", "HealthcareService")
                                        .contains(typeOf(choice)))
                                .isPresent(),
                "choice",
                "missing (expected: Organization/id or HealthcareService/id, whom the person chose)");
    }

    private static boolean isPerson(String reference) {
        return Set.of("Practitioner", "PractitionerRole").contains(typeOf(reference));
    }

    private static String typeOf(String reference) {
        return REFERENCE.matcher(reference).matches() ? reference.substring(0, reference.indexOf('/')) : "";
    }

    private static void require(boolean fulfilled, String parameter, String problem) {
        if (!fulfilled) {
            throw fault(parameter, problem);
        }
    }

    private static FhirProblem fault(String parameter, String problem) {
        return new FhirProblem(ProblemCode.INVALID_PARAMETER, parameter + ": " + problem);
    }
}
