package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.referrals.domain.ReferralCourse.Outcome;
import org.careloop.referrals.domain.Scorecard.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an agency's figures mean for its place, by {@code rules/scorecard.yaml}. */
class StandingTest {

    private static final ScorecardRules RULES = ScorecardRules.shipped();
    private static final Instant NOW = Instant.parse("2026-11-28T15:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "10, 8, 10, 8, 10, ANSWERS_WELL",
        "10, 7, 10, 10, 10, ",
        "10, 10, 10, 7, 10, ",
        "10, 5, 10, 5, 10, ",
        "10, 4, 10, 10, 10, ANSWERS_POORLY",
        "10, 10, 10, 4, 10, ANSWERS_POORLY",
        // Too few to say anything.
        "9, 9, 9, 9, 9, ",
        "9, 0, 9, 0, 9, ",
        // A rate of nothing is neither good nor poor.
        "10, 0, 0, 10, 10, ",
        "10, 10, 10, 0, 0, ",
        "10, 0, 0, 4, 10, ANSWERS_POORLY",
    })
    void judgesBothRates(int asked, int accepted, int answered, int closed, int ended, ChoiceReason expected) {
        Standing standing =
                new Standing("Organization/a", NOW, asked, new Rate(accepted, answered), new Rate(closed, ended));

        assertThat(standing.judge(NOW, RULES)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void countsUntilItIsOlderThanTheDaysThatItIsOf() {
        Standing standing = new Standing("Organization/a", NOW, 10, new Rate(0, 10), new Rate(10, 10));

        assertThat(standing.judge(NOW.plus(Duration.ofDays(90)), RULES)).contains(ChoiceReason.ANSWERS_POORLY);
        assertThat(standing.judge(NOW.plus(Duration.ofDays(90)).plusSeconds(1), RULES))
                .isEmpty();
    }

    @Test
    void countsTheLastDaysAndHoldsNothingOpenAgainstAnAgencyTooSoon() {
        // Given
        List<ReferralCourse> courses = new ArrayList<>();
        courses.add(course(1, Outcome.OPEN));
        courses.add(course(44, Outcome.OPEN));
        courses.add(course(46, Outcome.OPEN));
        courses.add(course(2, Outcome.COMPLETED));
        courses.add(course(89, Outcome.COMPLETED));
        courses.add(course(91, Outcome.COMPLETED));
        // When
        Standing standing = Standing.of("Organization/a", courses, NOW, RULES);
        // Then
        assertThat(standing).isEqualTo(new Standing("Organization/a", NOW, 5, new Rate(5, 5), new Rate(2, 3)));
    }

    @ParameterizedTest
    @CsvSource({"0, 10, 0.8, 0.5", "90, 0, 0.8, 0.5", "90, 10, 1.1, 0.5", "90, 10, 0.4, 0.5", "90, 10, 0.8, -0.1"})
    void refusesRulesThatAreOutOfOrder(int days, int atLeast, double good, double poor) {
        assertThatThrownBy(() -> new ScorecardRules.Standings(days, atLeast, good, poor, Duration.ZERO))
                .isInstanceOf(IllegalStateException.class);
    }

    private static ReferralCourse course(int daysAgo, Outcome outcome) {
        Instant asked = NOW.minus(Duration.ofDays(daysAgo));
        return new ReferralCourse(
                asked,
                false,
                Optional.of(asked),
                Optional.of(asked),
                Optional.empty(),
                outcome,
                outcome == Outcome.OPEN ? Optional.empty() : Optional.of(asked.plusSeconds(1)),
                Optional.empty());
    }
}
