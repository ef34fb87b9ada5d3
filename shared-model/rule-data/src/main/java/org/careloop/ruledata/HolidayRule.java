package org.careloop.ruledata;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A holiday of every year: either a fixed {@code day} of the month, or the {@code occurrence}-th {@code weekday} of it.
 *
 * @param name its name
 * @param month 1-12
 * @param day the fixed day, of every year; the calendar says when it is observed if it is on a day off
 * @param weekday the weekday of a moving holiday
 * @param occurrence 1 to 4, or -1 for the last
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
        if (month < 1 || month > 12) {
            throw new IllegalArgumentException(name + ": no such month (expected: 1 to 12)");
        }
        if (day != null && (day < 1 || day > Month.of(month).minLength())) {
            throw new IllegalArgumentException(name + ": not a day of every year (expected: 1 to "
                    + Month.of(month).minLength() + ")");
        }
        if (occurrence != null && occurrence != -1 && (occurrence < 1 || occurrence > 4)) {
            throw new IllegalArgumentException(name + ": not in every month (expected: 1 to 4, or -1 for the last)");
        }
    }

    /** @param observed by how many days a fixed day is moved that is on a day of the week */
    Optional<LocalDate> observedIn(int year, Map<DayOfWeek, Integer> observed) {
        if (since != null && year < since) {
            return Optional.empty();
        }
        if (day != null) {
            LocalDate date = LocalDate.of(year, month, day);
            return Optional.of(date.plusDays(observed.getOrDefault(date.getDayOfWeek(), 0)));
        }
        LocalDate first = YearMonth.of(year, month).atDay(1);
        return Optional.of(first.with(TemporalAdjusters.dayOfWeekInMonth(occurrence, weekday)));
    }
}
