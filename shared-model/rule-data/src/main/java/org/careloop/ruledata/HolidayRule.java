package org.careloop.ruledata;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A holiday of every year: either a fixed {@code day} of the month, or the {@code occurrence}-th {@code weekday} of it.
 *
 * @param name its name
 * @param month 1-12
 * @param day the fixed day; on a Saturday it is observed the Friday before, on a Sunday the Monday after
 * @param weekday the weekday of a moving holiday
 * @param occurrence 1 = first, -1 = last
 * @param since the first year
 */
record HolidayRule(
        String name,
        int month,
        @Nullable Integer day,
        @Nullable DayOfWeek weekday,
        @Nullable Integer occurrence,
        @Nullable Integer since) {

    HolidayRule {
        boolean fixed = day != null;
        boolean moving = weekday != null && occurrence != null;
        if (fixed == moving) {
            throw new IllegalArgumentException(name + ": expected either day, or weekday and occurrence");
        }
    }

    Optional<LocalDate> observedIn(int year) {
        if (since != null && year < since) {
            return Optional.empty();
        }
        if (day != null) {
            return Optional.of(observed(LocalDate.of(year, month, day)));
        }
        LocalDate first = YearMonth.of(year, month).atDay(1);
        return Optional.of(first.with(TemporalAdjusters.dayOfWeekInMonth(occurrence, weekday)));
    }

    private static LocalDate observed(LocalDate date) {
        return switch (date.getDayOfWeek()) {
            case SATURDAY -> date.minusDays(1);
            case SUNDAY -> date.plusDays(1);
            case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> date;
        };
    }
}
