package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far a milestone is, by all that is known. The order in which that came to be known is no input, so evidence that is taken back,
 * mended or told late has the same outcome as if it had always been so.
 */
public final class MilestoneReckoning {

    private record Counted(Evidence evidence, Instant since) {}

    private final List<Evidence> evidence;
    private final ZoneId zone;
    private final Optional<Instant> ended;
    private final Instant now;

    /**
     * What counts for a transition.
     *
     * @param zone of the site
     * @param ended when the patient died or was in hospital again: nothing is asked for after it
     */
    public MilestoneReckoning(List<Evidence> evidence, ZoneId zone, Optional<Instant> ended, Instant now) {
        this.evidence = evidence.stream().filter(each -> each.hasHappened(zone)).toList();
        this.zone = zone;
        this.ended = ended;
        this.now = now;
    }

    /** Returns how far {@code milestone} is; {@code rules} is the version of the rules that made it. */
    public MilestoneProgress of(Milestone milestone, MilestoneNeeds needs, String rules) {
        Optional<Counted> first = earliest(milestone, needs, earlier(milestone.due(), end()));
        if (first.isPresent()) {
            return progress(milestone, rules, MilestoneState.REACHED, first);
        }
        List<Evidence> attempts = needs.attempts()
                .map(needed ->
                        SeparateAttempts.of(needed, evidence, milestone.opens(), earlier(milestone.due(), end()), zone))
                .filter(separate ->
                        separate.size() >= needs.attempts().orElseThrow().least())
                .orElse(List.of());
        if (!attempts.isEmpty()) {
            return new MilestoneProgress(
                    milestone,
                    rules,
                    MilestoneState.ATTEMPTED,
                    Optional.empty(),
                    attempts.stream().map(Evidence::reference).toList());
        }
        boolean over = !end().isAfter(milestone.due()) && !end().isAfter(now);
        if (over) {
            return progress(milestone, rules, MilestoneState.WITHDRAWN, Optional.empty());
        }
        Optional<Counted> late = earliest(milestone, needs, end());
        return progress(
                milestone, rules, now.isAfter(milestone.due()) ? MilestoneState.MISSED : MilestoneState.OPEN, late);
    }

    /** What is done later is done for another stay, or not for the patient. */
    private Instant end() {
        return ended.orElse(Instant.MAX);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private Optional<Counted> earliest(Milestone milestone, MilestoneNeeds needs, Instant until) {
        return evidence.stream()
                .flatMap(each -> counted(each, milestone, needs, until).stream())
                .min(Comparator.comparing(Counted::since)
                        .thenComparing(counted -> counted.evidence().reference()));
    }

    private Optional<Counted> counted(Evidence each, Milestone milestone, MilestoneNeeds needs, Instant until) {
        boolean ahead = needs.ahead().contains(each.kind());
        return ahead || needs.kinds().contains(each.kind())
                ? each.time()
                        .within(ahead ? Instant.MIN : milestone.opens(), until, zone)
                        .map(since -> new Counted(each, since))
                : Optional.empty();
    }

    private static MilestoneProgress progress(
            Milestone milestone, String rules, MilestoneState state, Optional<Counted> shown) {
        return new MilestoneProgress(
                milestone,
                rules,
                state,
                shown.map(Counted::since),
                shown.map(counted -> List.of(counted.evidence().reference())).orElse(List.of()));
    }
}
