package org.careloop.referrals.domain;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.jspecify.annotations.Nullable;

/** Why agencies end referrals undone, coded, and what follows from each reason: {@code rules/end-reasons.yaml}. */
public final class EndReasons {

    /** The system of the codes in {@code Task.statusReason}. */
    public static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/referral-end-reason";

    /** The code with which the platform takes a referral back from an agency that stays silent. */
    public static final String NO_ANSWER = "no-answer";

    /** The code with which a referral is taken back from the agencies that were asked at once with the one that accepted. */
    public static final String ACCEPTED_ELSEWHERE = "accepted-elsewhere";

    /** The code of an agency that cannot take anybody now. */
    public static final String NO_CAPACITY = "no-capacity";

    /** What follows when an agency ends a referral. */
    public enum Consequence {
        /** The service that was asked has no capacity now. */
        MARK_NO_CAPACITY,
        /** The agency is not asked again for the same request. */
        EXCLUDE,
        /** The next agency is asked. */
        ASK_NEXT,
        /** Whoever asked gets a Task to remove what is in the way. */
        RAISE_BARRIER
    }

    record Reason(
            String code,
            String display,
            Set<Consequence> consequences,
            @Nullable Boolean platformsOwn) {}

    record Rules(String version, List<Reason> reasons, Map<TaskStatus, Set<Consequence>> withoutCode) {}

    private static final Set<TaskStatus> UNDONE =
            EnumSet.of(TaskStatus.REJECTED, TaskStatus.CANCELLED, TaskStatus.FAILED);

    private final Rules rules;

    EndReasons(Rules rules) {
        this.rules = rules;
    }

    /** Returns the reasons that this product ships. */
    public static EndReasons shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the reasons of {@code source}; fails as it does. */
    public static EndReasons of(RuleSource source) {
        return new EndReasons(source.read(Rules.class, "rules/end-reasons.yaml"));
    }

    /** Returns the codes, in the order in which they are told, with what they are called. */
    Map<String, String> displays() {
        Map<String, String> displays = new LinkedHashMap<>();
        rules.reasons().forEach(reason -> displays.put(reason.code(), reason.display()));
        return displays;
    }

    /**
     * Fails with {@link ProblemCode#RULE_VIOLATED} when {@code task} gives a reason of {@link #SYSTEM} that there is not, or that the
     * platform alone gives and {@code actor} is another.
     */
    public void requireKnown(Task task, Actor actor) {
        for (Coding coding : task.getStatusReason().getCoding()) {
            if (SYSTEM.equals(coding.getSystem())
                    && rules.reasons().stream()
                            .filter(reason -> actor == Actor.PLATFORM || !Boolean.TRUE.equals(reason.platformsOwn()))
                            .noneMatch(reason -> reason.code().equals(coding.getCode()))) {
                throw new FhirProblem(
                        ProblemCode.RULE_VIOLATED,
                        "Task.statusReason.coding",
                        "Task.statusReason.coding: no such reason in " + SYSTEM + " (expected: one of "
                                + rules.reasons().stream()
                                        .filter(reason -> !Boolean.TRUE.equals(reason.platformsOwn()))
                                        .map(Reason::code)
                                        .collect(Collectors.joining(", "))
                                + ")");
            }
        }
    }

    /** Returns what follows when its owner ends {@code referral}; nothing while it has not ended, or was completed. */
    public Set<Consequence> of(Task referral) {
        if (!UNDONE.contains(referral.getStatus())) {
            return Set.of();
        }
        return coded(referral)
                .map(Reason::consequences)
                .orElseGet(() -> rules.withoutCode().getOrDefault(referral.getStatus(), Set.of()));
    }

    /** Whether the platform alone gives this reason. */
    static boolean isPlatformsOwn(Coding coding) {
        return SYSTEM.equals(coding.getSystem())
                && (NO_ANSWER.equals(coding.getCode()) || ACCEPTED_ELSEWHERE.equals(coding.getCode()));
    }

    /** Returns, as literal references, the owners of those of {@code tasks} that must not be asked again. */
    public Set<String> excluded(Collection<Task> tasks) {
        return tasks.stream()
                .filter(task -> task.getOwner().hasReference() && of(task).contains(Consequence.EXCLUDE))
                .map(task -> task.getOwner().getReference())
                .collect(Collectors.toUnmodifiableSet());
    }

    private Optional<Reason> coded(Task referral) {
        return referral.getStatusReason().getCoding().stream()
                .filter(coding -> SYSTEM.equals(coding.getSystem()))
                .flatMap(coding ->
                        rules.reasons().stream().filter(reason -> reason.code().equals(coding.getCode())))
                .findFirst();
    }
}
