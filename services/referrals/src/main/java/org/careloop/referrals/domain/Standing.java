package org.careloop.referrals.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.referrals.domain.ReferralCourse.Outcome;
import org.careloop.referrals.domain.Scorecard.Rate;

/**
 * How an agency handled the referrals of the last months, as far as the choice of agencies goes by it.
 *
 * @param organization a literal reference
 * @param asked for how many it was asked
 * @param acceptance as {@link Scorecard#acceptance}
 * @param closure as {@link Scorecard#loopClosure}, without what is open and may still be: an agency is not late because it is busy
 */
public record Standing(String organization, Instant measuredAt, int asked, Rate acceptance, Rate closure) {

    /** Returns the days that count {@code now}. */
    public static DayPeriod period(Instant now, ScorecardRules rules) {
        LocalDate today = now.atZone(rules.zone()).toLocalDate();
        return new DayPeriod(today.minusDays(rules.standing().days() - 1L), today, rules.zone());
    }

    /** Counts those of {@code courses} that {@code organization} was asked for in the {@link #period} that counts {@code now}. */
    public static Standing of(
            String organization, Collection<ReferralCourse> courses, Instant now, ScorecardRules rules) {
        DayPeriod period = period(now, rules);
        Instant settled = now.minus(rules.standing().openCountsAfter());
        List<ReferralCourse> due = courses.stream()
                .filter(course ->
                        course.outcome() != Outcome.OPEN || course.asked().isBefore(settled))
                .toList();
        Scorecard all = Scorecard.of(courses, period, now, rules);
        return new Standing(
                organization,
                now,
                all.asked(),
                all.acceptance(),
                Scorecard.of(due, period, now, rules).loopClosure());
    }

    /** Returns what it means {@code now} for the agency's place; empty where it is too little, too old, or neither good nor poor. */
    public Optional<ChoiceReason> judge(Instant now, ScorecardRules rules) {
        ScorecardRules.Standings limits = rules.standing();
        if (asked < limits.atLeast() || measuredAt.isBefore(now.minus(Duration.ofDays(limits.days())))) {
            return Optional.empty();
        }
        Optional<Double> accepts = acceptance.value();
        Optional<Double> closes = closure.value();
        if (accepts.filter(rate -> rate < limits.poor()).isPresent()
                || closes.filter(rate -> rate < limits.poor()).isPresent()) {
            return Optional.of(ChoiceReason.ANSWERS_POORLY);
        }
        boolean well = accepts.filter(rate -> rate >= limits.good()).isPresent()
                && closes.filter(rate -> rate >= limits.good()).isPresent();
        return well ? Optional.of(ChoiceReason.ANSWERS_WELL) : Optional.empty();
    }
}
