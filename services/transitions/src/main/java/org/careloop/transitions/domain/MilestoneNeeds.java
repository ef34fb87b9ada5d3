package org.careloop.transitions.domain;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What shows that a milestone is reached.
 *
 * @param kinds of {@link Evidence}, any one of which does
 * @param ahead those that count also before it opens
 */
public record MilestoneNeeds(List<String> kinds, List<String> ahead, Optional<Attempts> attempts) {

    /** A milestone that nothing shows. */
    public static final MilestoneNeeds NOTHING = new MilestoneNeeds(List.of(), List.of(), Optional.empty());

    /**
     * How often it is enough to have tried.
     *
     * @param apart how far two attempts are from each other at least, to be two
     */
    public record Attempts(List<String> kinds, int least, Duration apart) {}
}
