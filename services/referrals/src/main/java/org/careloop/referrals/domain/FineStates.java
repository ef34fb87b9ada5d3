package org.careloop.referrals.domain;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * How far a referral is in the words of BSeR and 360X, where its parties use them in {@code Task.businessStatus}: {@code
 * rules/fine-states.yaml}. Codes of other systems are the parties' own.
 */
public final class FineStates {

    /** Before the first code. */
    private static final String NONE = "NONE";

    /** Who may tell that it is so far. */
    enum Party {
        REQUESTER,
        TARGET
    }

    record FineState(String code, Set<String> from, Set<TaskStatus> statuses, Set<Party> by) {}

    record Rules(String version, String system, List<FineState> states) {}

    private final Rules rules;

    FineStates(Rules rules) {
        this.rules = rules;
    }

    /** Returns the states that this product ships. */
    public static FineStates shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the states of {@code source}; fails as it does. */
    public static FineStates of(RuleSource source) {
        return new FineStates(source.read(Rules.class, "rules/fine-states.yaml"));
    }

    /**
     * Passes when {@code actor} may tell what {@code next} says of how far it is, after {@code previous} (empty: a new Task). A
     * Task that moves on without a word of it keeps the code that it had: not all parties use them. Fails with
     * {@link ProblemCode#RULE_VIOLATED} and what would be allowed.
     */
    public void check(Optional<Task> previous, Task next, Actor actor) {
        Optional<String> code = code(next);
        Optional<String> before = previous.flatMap(this::code);
        if (code.isEmpty() || code.equals(before)) {
            return;
        }
        FineState state = rules.states().stream()
                .filter(each -> each.code().equals(code.get()))
                .findFirst()
                .orElseThrow(() -> refused("no such state", expected(before, next, actor)));
        if (!isStep(state, before.orElse(NONE), actor)) {
            throw refused(code.get() + " after " + before.orElse("none"), expected(before, next, actor));
        }
        if (!state.statuses().contains(next.getStatus())) {
            throw refused(
                    code.get() + " on " + next.getStatus().toCode(),
                    state.statuses().stream()
                            .map(TaskStatus::toCode)
                            .sorted()
                            .collect(Collectors.joining(", ", "status ", "")));
        }
    }

    /** Whether the owner may tell what {@code next} says, with whatever status, after {@code previous}. */
    boolean follows(Task previous, Task next) {
        Optional<String> code = code(next);
        String before = code(previous).orElse(NONE);
        return code.isEmpty()
                || code.get().equals(before)
                || rules.states().stream()
                        .anyMatch(state -> state.code().equals(code.get()) && isStep(state, before, Actor.TARGET));
    }

    /** Whether {@code ours} asks its owner for something that {@code theirs}, its owner's copy, does not answer yet. */
    boolean isWaitingForOwner(Task ours, Task theirs) {
        Optional<String> asked = code(ours)
                .filter(code -> rules.states().stream()
                        .anyMatch(
                                state -> state.code().equals(code) && state.by().equals(Set.of(Party.REQUESTER))));
        return asked.isPresent()
                && !asked.equals(code(theirs))
                && code(theirs)
                        .filter(code -> rules.states().stream()
                                .anyMatch(state -> state.code().equals(code)
                                        && state.from().contains(asked.get())))
                        .isEmpty();
    }

    private static boolean isStep(FineState state, String before, Actor actor) {
        return state.from().contains(before) && isBy(state, actor);
    }

    private static boolean isBy(FineState state, Actor actor) {
        return state.by().contains(Party.REQUESTER) && Actor.REQUESTERS.contains(actor)
                || state.by().contains(Party.TARGET) && (Actor.TARGETS.contains(actor) || actor == Actor.CLAIMER);
    }

    private String expected(Optional<String> before, Task next, Actor actor) {
        String allowed = rules.states().stream()
                .filter(state -> isStep(state, before.orElse(NONE), actor)
                        && state.statuses().contains(next.getStatus()))
                .map(FineState::code)
                .collect(Collectors.joining(", "));
        return allowed.isEmpty() ? "no change" : "one of " + allowed;
    }

    private Optional<String> code(Task task) {
        return task.getBusinessStatus().getCoding().stream()
                .filter(coding -> rules.system().equals(coding.getSystem()) && coding.hasCode())
                .map(Coding::getCode)
                .findFirst();
    }

    private static FhirProblem refused(String what, String expected) {
        return new FhirProblem(
                ProblemCode.RULE_VIOLATED,
                "Task.businessStatus",
                "Task.businessStatus: " + what + " (expected: " + expected + ")");
    }
}
