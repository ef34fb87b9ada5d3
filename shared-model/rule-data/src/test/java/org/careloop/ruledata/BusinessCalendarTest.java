package org.careloop.ruledata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BusinessCalendarTest {

    private static final BusinessCalendar CALENDAR = BusinessCalendar.named("us-federal", RuleSource.shipped());
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07",
                "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25", "2027-06-18", "2027-07-05", "2027-12-24",
                "2027-12-31", "2028-11-10", "2022-12-26", "2023-01-02"
            })
    void closesOnFederalHolidaysAndTheDaysTheyAreObservedOn(LocalDate date) {
        assertThat(CALENDAR.isBusinessDay(date)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-18", "2026-07-02", "2028-01-03", "2020-06-19", "2026-11-27", "1985-01-21"})
    void opensOnOtherWeekdays(LocalDate date) {
        assertThat(CALENDAR.isBusinessDay(date)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-13, 2, 2026-11-17",
        "2026-11-14, 2, 2026-11-17",
        "2026-11-15, 2, 2026-11-17",
        "2026-11-16, 2, 2026-11-18",
        "2026-11-25, 2, 2026-11-30",
        "2026-11-24, 1, 2026-11-25",
        "2026-07-02, 1, 2026-07-06",
        "2027-12-30, 1, 2028-01-03",
        "2026-12-24, 2, 2026-12-29"
    })
    void countsBusinessDaysAfterTheDate(LocalDate date, int days, LocalDate expected) {
        assertThat(CALENDAR.plusBusinessDays(date, days)).isEqualTo(expected);
    }

    @Test
    void refusesToCountLessThanOneDay() {
        assertThatThrownBy(() -> CALENDAR.plusBusinessDays(LocalDate.of(2026, 11, 18), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("days: too small (expected: 1 or more)");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-17, 2026-11-17T22:00:00Z",
        "2026-03-06, 2026-03-06T22:00:00Z",
        "2026-03-09, 2026-03-09T21:00:00Z",
        "2026-10-30, 2026-10-30T21:00:00Z",
        "2026-11-02, 2026-11-02T22:00:00Z"
    })
    void endsTheBusinessDayInTheZoneOfTheSite(LocalDate date, Instant expected) {
        assertThat(CALENDAR.endOfBusiness(date, NEW_YORK)).isEqualTo(expected);
    }

    @Test
    void refusesAHolidayThatIsNeitherFixedNorMoving() {
        assertThatThrownBy(() -> new HolidayRule("Some Day", 3, null, null, 1, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Some Day: expected either day, or weekday and occurrence");
    }
}
