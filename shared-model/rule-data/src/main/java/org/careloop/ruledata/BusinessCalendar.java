package org.careloop.ruledata;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which days are business days, for any year, from rules that are data. */
public final class BusinessCalendar {

    /** The rules: days off each week, holidays, the hour at which a business day ends. */
    record Rules(String version, List<DayOfWeek> daysOff, LocalTime dayEnds, List<HolidayRule> holidays) {}

    private final Rules rules;

    BusinessCalendar(Rules rules) {
        this.rules = rules;
    }

    /** Returns the calendar of US federal holidays, {@code calendars/us-federal.yaml}. */
    public static BusinessCalendar usFederal() {
        return new BusinessCalendar(RuleData.fromResource(Rules.class, "calendars/us-federal.yaml"));
    }

    /** Names the calendar and its edition. */
    public String version() {
        return rules.version();
    }

    /** Whether {@code date} is neither a day off nor a holiday, nor the day on which a holiday is observed. */
    public boolean isBusinessDay(LocalDate date) {
        return !rules.daysOff().contains(date.getDayOfWeek())
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
                .flatMap(each -> rules.holidays().stream().flatMap(rule -> rule.observedIn(each).stream()))
                .collect(Collectors.toSet());
    }
}
