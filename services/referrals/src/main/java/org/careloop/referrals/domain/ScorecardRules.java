package org.careloop.referrals.domain;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalInt;
import org.careloop.ruledata.RuleSource;
import org.jspecify.annotations.Nullable;

/** How figures over referrals are counted: {@code rules/scorecard.yaml}. */
public final class ScorecardRules {

    /** Ages below a number of days, and not below that of the band before; without one, all that are left. */
    record Band(String code, String display, @Nullable Integer belowDays) {}

    /**
     * What figures of an agency mean for its place among others.
     *
     * @param days that count
     * @param atLeast of fewer referrals no figure says anything
     * @param good rates from here on
     * @param poor rates below
     * @param openCountsAfter what is open for less is not late
     */
    public record Standings(int days, int atLeast, double good, double poor, Duration openCountsAfter) {
        public Standings {
            if (days < 1 || atLeast < 1 || poor < 0 || poor > good || good > 1 || openCountsAfter.isNegative()) {
                throw new IllegalStateException(
                        "standing: out of order (expected: 0 <= poor <= good <= 1, days and at-least 1 or more)");
            }
        }
    }

    record Rules(
            String version,
            ZoneId zone,
            List<Band> openAges,
            Duration noAgencyAfter,
            int smallestCount,
            Standings standing) {}

    private final Rules rules;

    ScorecardRules(Rules rules) {
        this.rules = rules;
        OptionalInt before = OptionalInt.of(0);
        for (Band band : rules.openAges()) {
            if (before.isEmpty() || band.belowDays() != null && band.belowDays() <= before.getAsInt()) {
                throw new IllegalStateException("open-ages: " + band.code()
                        + " is out of order (expected: youngest first, the last without end)");
            }
            before = band.belowDays() == null ? OptionalInt.empty() : OptionalInt.of(band.belowDays());
        }
        if (before.isPresent()) {
            throw new IllegalStateException("open-ages: the last one ends (expected: without below-days)");
        }
    }

    /** Returns the rules that this product ships. */
    public static ScorecardRules shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static ScorecardRules of(RuleSource source) {
        return new ScorecardRules(source.read(Rules.class, "rules/scorecard.yaml"));
    }

    /** Where the days of a period begin and end. */
    public ZoneId zone() {
        return rules.zone();
    }

    /** How long a referral has to be without an agency to count as one that found none. */
    public Duration noAgencyAfter() {
        return rules.noAgencyAfter();
    }

    /** Fewer referrals than this are not told as a number where area and need are. */
    int smallestCount() {
        return rules.smallestCount();
    }

    /** What figures of an agency mean for its place among others. */
    public Standings standing() {
        return rules.standing();
    }

    List<Band> openAges() {
        return rules.openAges();
    }

    Band bandOf(Duration age) {
        return rules.openAges().stream()
                .filter(band -> band.belowDays() == null || age.compareTo(Duration.ofDays(band.belowDays())) < 0)
                .findFirst()
                .orElseThrow();
    }
}
