package org.careloop.transitions.domain;

import java.util.Optional;

/**
 * How many discharges a figure is of.
 *
 * @param initial all of them
 * @param denominator those that are measured
 * @param excluded those that are not
 * @param unknown those of which nobody can tell
 * @param numerator those that are measured and fulfil what is asked for
 * @param open those that are measured and have time to
 * @param untold those that are measured and of which nobody can tell whether they do
 */
public record MeasureTally(
        int initial, int denominator, int excluded, int unknown, int numerator, int open, int untold) {

    /** Of nothing. */
    public static final MeasureTally NONE = new MeasureTally(0, 0, 0, 0, 0, 0, 0);

    /** With one more, which is measured as {@code eligible} tells and of which {@code verdict} is said then. */
    MeasureTally and(Verdict eligible, Verdict verdict) {
        boolean measured = eligible == Verdict.MET;
        return new MeasureTally(
                initial + 1,
                denominator + (measured ? 1 : 0),
                excluded + (eligible == Verdict.NOT_MET ? 1 : 0),
                unknown + (!measured && eligible != Verdict.NOT_MET ? 1 : 0),
                numerator + (measured && verdict == Verdict.MET ? 1 : 0),
                open + (measured && verdict == Verdict.OPEN ? 1 : 0),
                untold + (measured && verdict == Verdict.UNKNOWN ? 1 : 0));
    }

    /** The share of those in the denominator of which one can tell that is in the numerator; empty of nothing. */
    Optional<Double> score() {
        int told = denominator - untold;
        return told == 0 ? Optional.empty() : Optional.of((double) numerator / told);
    }
}
