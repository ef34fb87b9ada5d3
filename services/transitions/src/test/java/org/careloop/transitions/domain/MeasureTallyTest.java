package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A score is of those of whom one can tell. */
class MeasureTallyTest {

    @Test
    void whoIsMeasuredWithoutAVerdictIsAFigureOfItsOwnAndInNoScore() {
        // When
        MeasureTally tally = MeasureTally.NONE
                .and(Verdict.MET, Verdict.MET)
                .and(Verdict.MET, Verdict.NOT_MET)
                .and(Verdict.MET, Verdict.UNKNOWN)
                .and(Verdict.MET, Verdict.UNKNOWN)
                .and(Verdict.NOT_MET, Verdict.UNKNOWN)
                .and(Verdict.UNKNOWN, Verdict.UNKNOWN);
        // Then
        assertThat(tally).isEqualTo(new MeasureTally(6, 4, 1, 1, 1, 0, 2));
        assertThat(tally.score()).contains(0.5);
    }

    @Test
    void whereNobodyCanTellThereIsNoScore() {
        assertThat(MeasureTally.NONE.score()).isEmpty();
        assertThat(MeasureTally.NONE.and(Verdict.MET, Verdict.UNKNOWN).score()).isEmpty();
    }
}
