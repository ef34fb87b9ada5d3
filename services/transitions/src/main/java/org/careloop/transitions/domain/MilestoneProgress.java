package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A milestone, and how far it is.
 *
 * @param rules the version of the rules that made it
 * @param reached when it was reached; of one that was missed, when it was done after all
 * @param evidence references to what shows it
 */
public record MilestoneProgress(
        Milestone milestone, String rules, MilestoneState state, Optional<Instant> reached, List<String> evidence) {}
