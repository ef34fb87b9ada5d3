package org.careloop.transitions.domain;

import java.util.List;

/** A LACE score, or why there is none. */
public sealed interface LaceResult {

    /** The edition of the table, for example {@code lace-2010-1}. */
    String version();

    /** The band; {@link RiskBand#UNKNOWN} when there is no score. */
    RiskBand band();

    /**
     * A complete score.
     *
     * @param parts the four parts with their points, in the order L, A, C, E
     * @param total 0-19
     * @param comorbidities keys of the comorbidities that counted
     */
    record Score(String version, List<Part> parts, int total, RiskBand band, List<String> comorbidities)
            implements LaceResult {}

    /** No score: a part is missing, and a missing part is never counted as 0. */
    record Unavailable(String version, List<String> missing) implements LaceResult {
        @Override
        public RiskBand band() {
            return RiskBand.UNKNOWN;
        }
    }

    /** One part: its letter, its name, its points. */
    record Part(String code, String name, int points) {}
}
