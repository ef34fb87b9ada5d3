package org.careloop.ruledata;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which days are business days, for any year, from rules that are data. */
public final class BusinessCalendar {

    /**
     * The rules.
     *
     * @param daysOff each week
     * @param dayEnds the hour at which a business day ends
     * @param observed by how many days a holiday with a fixed day is moved when it is on that day of the week
     * @param closed days of one year alone, such as those of a move
     */
    record Rules(
            String version,
            Set<DayOfWeek> daysOff,
            LocalTime dayEnds,
            Map<DayOfWeek, Integer> observed,
            List<HolidayRule> holidays,
            Set<LocalDate> closed) {

        Rules {
            daysOff = daysOff == null ? Set.of() : daysOff;
            observed = observed == null ? Map.of() : observed;
            holidays = holidays == null ? List.of() : holidays;
            closed = closed == null ? Set.of() : closed;
            if (daysOff.size() == DayOfWeek.values().length) {
                throw new IllegalArgumentException("days-off: all (expected: a week with a business day)");
            }
            if (dayEnds == null) {
                throw new IllegalArgumentException(
                        "day-ends: missing (expected: the hour at which a business day ends)");
            }
            if (observed.values().stream().anyMatch(days -> Math.abs(days) > 6)) {
                throw new IllegalArgumentException("observed: too far (expected: -6 to 6 days)");
            }
        }
    }

    private final Rules rules;

    BusinessCalendar(Rules rules) {
        this.rules = rules;
    }

    /**
     * Returns the calendar {@code calendars/name.yaml} of {@code source}; fails with {@link IllegalStateException} when there is none, or
     * days cannot be counted in it.
     */
    public static BusinessCalendar named(String name, RuleSource source) {
        return new BusinessCalendar(source.read(Rules.class, "calendars/" + name + ".yaml"));
    }

    /** Names the calendar and its edition. */
    public String version() {
        return rules.version();
    }

    /** Whether {@code date} is neither a day off nor closed, nor the day on which a holiday is observed. */
    public boolean isBusinessDay(LocalDate date) {
        return !rules.daysOff().contains(date.getDayOfWeek())
                && !rules.closed().contains(date)
                && !observedHolidays(date.getYear()).contains(date);
    }

    /**
     * Returns the {@code days}-th business day after {@code date}, which itself never counts. {@code days} is 1 or
     * more.
     */
    public LocalDate plusBusinessDays(LocalDate date, int days) {
        if (days < 1) {
            throw new IllegalArgumentException("days: too small (expected: 1 or more)");
        }
        LocalDate day = date;
        int left = days;
        while (left > 0) {
            day = day.plusDays(1);
            left -= isBusinessDay(day) ? 1 : 0;
        }
        return day;
    }

    /** Returns the end of the business day {@code date} in {@code zone}. */
    public Instant endOfBusiness(LocalDate date, ZoneId zone) {
        return date.atTime(rules.dayEnds()).atZone(zone).toInstant();
    }

    /** New Year's Day of the next year may be observed on the last day of this one. */
    private Set<LocalDate> observedHolidays(int year) {
        return IntStream.rangeClosed(year - 1, year + 1)
                .boxed()
                .flatMap(each ->
                        rules.holidays().stream().flatMap(rule -> rule.observedIn(each, rules.observed()).stream()))
                .collect(Collectors.toSet());
    }
}
