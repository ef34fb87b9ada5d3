package org.careloop.referrals.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.referrals.domain.ReferralCourse.Outcome;
import org.careloop.referrals.domain.ScorecardRules.Band;

/**
 * How an agency handled the referrals that it was asked for in a period; a later step counts whenever it was taken.
 *
 * @param asked how many it was asked for
 * @param accepted how many of these it has accepted
 * @param outcomes how many of these are where
 * @param acceptance of what it was to answer, and what nobody took back before it did, how much it accepted
 * @param loopClosure of all, how many ended with a word of the agency on what came of it
 * @param reasons why it ended some undone, by code, the most frequent first
 * @param openByAge how many have not ended, by the code of their age since it was asked; every age is there
 */
public record Scorecard(
        int asked,
        int accepted,
        Map<Outcome, Integer> outcomes,
        Rate acceptance,
        Rate loopClosure,
        Map<Step, Times> times,
        Map<String, Integer> reasons,
        Map<String, Integer> openByAge) {

    /** What the agency does, timed from when it was asked. */
    public enum Step {
        ACKNOWLEDGE(course -> course.claimed() ? Optional.empty() : course.acknowledged()),
        ACCEPT(course -> course.claimed() ? Optional.empty() : course.accepted()),
        START(ReferralCourse::started),
        COMPLETE(course -> course.outcome() == Outcome.COMPLETED ? course.ended() : Optional.empty());

        private final Function<ReferralCourse, Optional<Instant>> taken;

        Step(Function<ReferralCourse, Optional<Instant>> taken) {
            this.taken = taken;
        }

        Optional<Duration> time(ReferralCourse course) {
            return taken.apply(course).map(at -> Duration.between(course.asked(), at));
        }
    }

    /** A part of a whole. */
    public record Rate(int part, int whole) {

        /** The rate; empty where there is no whole. */
        public Optional<Double> value() {
            return whole == 0 ? Optional.empty() : Optional.of((double) part / whole);
        }
    }

    /**
     * How long a step took.
     *
     * @param count of how many referrals it was taken
     * @param median the middle one; of an even number, the mean of the two in the middle
     * @param p90 by nearest rank: the shortest that nine in ten did not exceed
     */
    public record Times(int count, Optional<Duration> median, Optional<Duration> p90) {

        static Times of(List<Duration> durations) {
            List<Duration> sorted = durations.stream().sorted().toList();
            int count = sorted.size();
            if (count == 0) {
                return new Times(0, Optional.empty(), Optional.empty());
            }
            Duration median =
                    sorted.get((count - 1) / 2).plus(sorted.get(count / 2)).dividedBy(2);
            int rank = (count * 9 + 9) / 10;
            return new Times(count, Optional.of(median), Optional.of(sorted.get(rank - 1)));
        }
    }

    /** Counts those of {@code courses} that were asked in {@code period}, as they are {@code now}. */
    public static Scorecard of(
            Collection<ReferralCourse> courses, DayPeriod period, Instant now, ScorecardRules rules) {
        List<ReferralCourse> asked = courses.stream()
                .filter(course -> period.contains(course.asked()))
                .toList();
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, 0);
        }
        asked.forEach(course -> outcomes.merge(course.outcome(), 1, Integer::sum));
        int accepted = (int)
                asked.stream().filter(course -> course.accepted().isPresent()).count();
        int closed = (int) asked.stream().filter(ReferralCourse::isClosed).count();
        int declined = (int) asked.stream().filter(ReferralCourse::isDeclined).count();
        return new Scorecard(
                asked.size(),
                accepted,
                outcomes,
                new Rate(accepted, accepted + declined),
                new Rate(closed, asked.size()),
                times(asked),
                reasons(asked),
                openByAge(asked, now, rules));
    }

    private static Map<Step, Times> times(List<ReferralCourse> asked) {
        Map<Step, Times> times = new EnumMap<>(Step.class);
        for (Step step : Step.values()) {
            times.put(
                    step,
                    Times.of(asked.stream()
                            .flatMap(course -> step.time(course).stream())
                            .toList()));
        }
        return times;
    }

    private static Map<String, Integer> reasons(List<ReferralCourse> asked) {
        Map<String, Integer> counts = new TreeMap<>();
        asked.stream()
                .filter(ReferralCourse::isRefused)
                .forEach(course -> counts.merge(course.reason().orElse(TaskVersion.UNCODED), 1, Integer::sum));
        Map<String, Integer> ordered = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(reason -> ordered.put(reason.getKey(), reason.getValue()));
        return ordered;
    }

    private static Map<String, Integer> openByAge(List<ReferralCourse> asked, Instant now, ScorecardRules rules) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        rules.openAges().stream().map(Band::code).forEach(code -> counts.put(code, 0));
        asked.stream()
                .filter(course -> course.outcome() == Outcome.OPEN)
                .map(course ->
                        rules.bandOf(Duration.between(course.asked(), now)).code())
                .forEach(code -> counts.merge(code, 1, Integer::sum));
        return counts;
    }
}
