package org.careloop.transitions.domain;

import java.util.List;

/** A score of the risk of a discharge, or why there is none. */
public sealed interface RiskScore {

    /** The edition of the table, for example {@code lace-2010-1}. */
    String version();

    /** The band; {@link RiskBand#UNKNOWN} when there is no score. */
    RiskBand band();

    /**
     * A complete score.
     *
     * @param parts its parts with their points, in the order of its letters
     * @param total their sum
     * @param counted names of what was counted, for people; may be none
     */
    record Score(String version, List<Part> parts, int total, RiskBand band, List<String> counted)
            implements RiskScore {}

    /** No score: a part is missing, and a missing part is never counted as 0. */
    record Unavailable(String version, List<String> missing) implements RiskScore {
        @Override
        public RiskBand band() {
            return RiskBand.UNKNOWN;
        }
    }

    /** One part: its letter, its name, its points. */
    record Part(String code, String name, int points) {}
}
