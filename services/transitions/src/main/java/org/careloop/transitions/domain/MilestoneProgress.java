package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.Optional;

/**
 * A milestone, and whether it was reached.
 *
 * @param rules the version of the rules that made it
 * @param reached when it was reached
 * @param evidence reference to what shows it
 */
public record MilestoneProgress(
        Milestone milestone, String rules, Optional<Instant> reached, Optional<String> evidence) {}
