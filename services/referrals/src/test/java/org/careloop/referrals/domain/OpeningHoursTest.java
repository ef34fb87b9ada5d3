package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.domain.ChoiceReason.CLOSED_THEN;
import static org.careloop.referrals.domain.ChoiceReason.HOURS_DIFFER;
import static org.careloop.referrals.domain.ChoiceReason.OPEN_THEN;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.HealthcareService.DaysOfWeek;
import org.hl7.fhir.r4.model.HealthcareService.HealthcareServiceAvailableTimeComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.TimeType;
import org.hl7.fhir.r4.model.Timing;
import org.hl7.fhir.r4.model.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a service is open when it is needed. November 30th of 2026 is a Monday; clocks go back on the 1st, in March ahead on the 8th. */
class OpeningHoursTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    /** A Saturday. */
    private static final Instant NOW = Instant.parse("2026-02-28T15:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // The first moment is in it, the last is not.
        "mon, 09:00:00, 17:00:00, 2026-11-30T09:00:00-05:00, OPEN_THEN",
        "mon, 09:00:00, 17:00:00, 2026-11-30T16:59:59-05:00, OPEN_THEN",
        "mon, 09:00:00, 17:00:00, 2026-11-30T17:00:00-05:00, HOURS_DIFFER",
        "mon, 09:00:00, 17:00:00, 2026-11-30T08:59:59-05:00, HOURS_DIFFER",
        "tue, 09:00:00, 17:00:00, 2026-11-30T10:00:00-05:00, HOURS_DIFFER",
        // By the clocks of the service, not of who asks.
        "mon, 09:00:00, 17:00:00, 2026-11-30T14:00:00Z, OPEN_THEN",
        "mon, 09:00:00, 17:00:00, 2026-11-30T13:59:59Z, HOURS_DIFFER",
        // Summer time until November 1st.
        "fri, 09:00:00, 17:00:00, 2026-10-30T13:00:00Z, OPEN_THEN",
        "fri, 09:00:00, 17:00:00, 2026-10-30T12:59:59Z, HOURS_DIFFER",
        // The night in which an hour comes twice, and the one in which one is missing.
        "sun, 01:00:00, 02:00:00, 2026-11-01T05:30:00Z, OPEN_THEN",
        "sun, 01:00:00, 02:00:00, 2026-11-01T06:30:00Z, OPEN_THEN",
        "sun, 01:00:00, 02:00:00, 2026-11-01T07:00:00Z, HOURS_DIFFER",
        "sun, 01:00:00, 03:30:00, 2026-03-08T07:15:00Z, OPEN_THEN",
        "sun, 01:00:00, 03:30:00, 2026-03-08T07:30:00Z, HOURS_DIFFER",
        // Overnight: the day is that on which it begins.
        "mon, 22:00:00, 06:00:00, 2026-11-30T23:00:00-05:00, OPEN_THEN",
        "mon, 22:00:00, 06:00:00, 2026-12-01T00:00:00-05:00, OPEN_THEN",
        "mon, 22:00:00, 06:00:00, 2026-12-01T05:59:59-05:00, OPEN_THEN",
        "mon, 22:00:00, 06:00:00, 2026-12-01T06:00:00-05:00, HOURS_DIFFER",
        "mon, 22:00:00, 06:00:00, 2026-11-30T05:00:00-05:00, HOURS_DIFFER",
        "sun, 22:00:00, 06:00:00, 2026-11-30T05:00:00-05:00, OPEN_THEN",
        // To midnight, from midnight, a day around.
        "mon, 18:00:00, 00:00:00, 2026-11-30T23:59:59-05:00, OPEN_THEN",
        "mon, 18:00:00, 00:00:00, 2026-12-01T00:00:00-05:00, HOURS_DIFFER",
        "mon, 18:00:00, '', 2026-11-30T23:59:59-05:00, OPEN_THEN",
        "mon, '', 08:00:00, 2026-11-30T00:00:00-05:00, OPEN_THEN",
        "mon, '', 08:00:00, 2026-11-30T08:00:00-05:00, HOURS_DIFFER",
        "mon, 08:00:00, 08:00:00, 2026-12-01T07:59:59-05:00, OPEN_THEN",
        "mon, '', '', 2026-11-30T12:00:00-05:00, OPEN_THEN",
        "'', 09:00:00, 17:00:00, 2026-11-29T10:00:00-05:00, OPEN_THEN",
    })
    void aMomentIsWithinItsHours(String day, String start, String end, String moment, ChoiceReason expected) {
        assertThat(judge(open(day, start, end), new DateTimeType(moment))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "mon, 2026-11-30T00:00:00-05:00, OPEN_THEN",
        "mon, 2026-11-30T23:59:59-05:00, OPEN_THEN",
        "mon, 2026-12-01T00:00:00-05:00, HOURS_DIFFER",
        // A day of 25 hours, and one of 23.
        "sun, 2026-11-01T23:59:59-05:00, OPEN_THEN",
        "sun, 2026-11-02T00:00:00-05:00, HOURS_DIFFER",
        "sun, 2026-03-08T23:59:59-04:00, OPEN_THEN",
        "sun, 2026-03-09T00:00:00-04:00, HOURS_DIFFER",
    })
    void allDayIsFromMidnightToMidnight(String day, String moment, ChoiceReason expected) {
        // Given
        HealthcareService service = open(day, "", "");
        service.getAvailableTimeFirstRep().setAllDay(true);
        // Then
        assertThat(judge(service, new DateTimeType(moment))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // Touching is not meeting.
        "mon, 09:00:00, 17:00:00, 2026-11-30T16:00:00-05:00, 2026-11-30T20:00:00-05:00, OPEN_THEN",
        "mon, 09:00:00, 17:00:00, 2026-11-30T17:00:00-05:00, 2026-11-30T20:00:00-05:00, HOURS_DIFFER",
        "mon, 09:00:00, 17:00:00, 2026-11-30T07:00:00-05:00, 2026-11-30T09:00:00-05:00, HOURS_DIFFER",
        "mon, 22:00:00, 06:00:00, 2026-12-01T05:00:00-05:00, 2026-12-01T09:00:00-05:00, OPEN_THEN",
        "wed, 09:00:00, 17:00:00, 2026-11-30, 2026-12-01, HOURS_DIFFER",
        "wed, 09:00:00, 17:00:00, 2026-11-30, 2026-12-02, OPEN_THEN",
        // Six days and a bit leave a day out, a week does not.
        "sun, 09:00:00, 17:00:00, 2026-11-30, 2026-12-05, HOURS_DIFFER",
        "sun, 09:00:00, 17:00:00, 2026-11-30, 2026-12-06, OPEN_THEN",
        "sun, 09:00:00, 17:00:00, 2026-12, 2026-12, OPEN_THEN",
        "sun, 09:00:00, 17:00:00, 2026-11-30, '', OPEN_THEN",
        // Without a beginning it is from now on, a Saturday in February.
        "sat, 09:00:00, 17:00:00, '', 2026-02-28T23:00:00-05:00, OPEN_THEN",
        "sat, 09:00:00, 10:00:00, '', 2026-02-28T23:00:00-05:00, HOURS_DIFFER",
        "sun, 09:00:00, 17:00:00, '', 2026-12-24, OPEN_THEN",
        // What is over of it does not count.
        "fri, 09:00:00, 17:00:00, 2026-02-27, 2026-02-28, HOURS_DIFFER",
    })
    void aPeriodMeetsHoursOnOneOfItsDays(
            String day, String start, String end, String from, String until, ChoiceReason expected) {
        assertThat(judge(open(day, start, end), period(from, until))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-24, 2026-12-26, 2026-12-24, 2026-12-26, CLOSED_THEN",
        "2026-12-24, 2026-12-26, 2026-12-25, 2026-12-25, CLOSED_THEN",
        "2026-12-24, 2026-12-26, 2026-12-25, 2026-12-27, OPEN_THEN",
        "2026-12-24, 2026-12-26, 2026-12-23, 2026-12-25, OPEN_THEN",
        "2026-12-24, '', 2026-12-27, 2027-12-27, CLOSED_THEN",
        "2026-12-24, '', 2026-12-27, '', CLOSED_THEN",
        "'', 2026-12-26, 2026-12-26, 2026-12-26, CLOSED_THEN",
        "'', 2026-12-26, 2026-12-27, '', OPEN_THEN",
        "2026-12, 2026-12, 2026-12-01, 2026-12-31, CLOSED_THEN",
        "2026-12-24T12:00:00-05:00, 2026-12-24T18:00:00-05:00, 2026-12-24, 2026-12-24, OPEN_THEN",
    })
    void isClosedWhereAllOfTheTimeIsInAPeriodWithoutHours(
            String closed, String opened, String from, String until, ChoiceReason expected) {
        // Given
        HealthcareService service = open("", "09:00:00", "17:00:00");
        service.addNotAvailable().setDuring(period(closed, opened));
        // Then
        assertThat(judge(service, period(from, until))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-23T23:59:59-05:00, ",
        "2026-12-24T00:00:00-05:00, CLOSED_THEN",
        "2026-12-26T23:59:59-05:00, CLOSED_THEN",
        "2026-12-27T00:00:00-05:00, ",
    })
    void aDayWithoutHoursIsFromMidnightToMidnight(String moment, ChoiceReason expected) {
        // Given a service without hours of its own
        HealthcareService service = new HealthcareService();
        service.addNotAvailable().setDuring(period("2026-12-24", "2026-12-26"));
        // Then
        assertThat(judge(service, new DateTimeType(moment))).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void severalPeriodsWithoutHoursAddUp() {
        // Given
        HealthcareService service = open("", "09:00:00", "17:00:00");
        service.addNotAvailable().setDuring(period("2026-12-25", "2026-12-25"));
        service.addNotAvailable().setDuring(period("2026-12-24", "2026-12-24"));
        service.addNotAvailable().setDescription("Whenever the harbor is frozen");
        // Then
        assertThat(judge(service, period("2026-12-24", "2026-12-25"))).contains(CLOSED_THEN);
        assertThat(judge(service, period("2026-12-24", "2026-12-26"))).contains(OPEN_THEN);
    }

    /** Closed on the one day on which it had hours. */
    @Test
    void hoursOfADayWithoutHoursAreNone() {
        // Given
        HealthcareService service = open("fri", "09:00:00", "17:00:00");
        service.addNotAvailable().setDuring(period("2026-12-25", "2026-12-25"));
        // Then
        assertThat(judge(service, period("2026-12-24", "2026-12-26"))).contains(HOURS_DIFFER);
        assertThat(judge(service, period("2026-12-24", "2027-01-24"))).contains(OPEN_THEN);
    }

    @ParameterizedTest
    @CsvSource({
        "mon, 09:00:00, OPEN_THEN",
        "mon, 17:00:00, HOURS_DIFFER",
        "tue, 09:00:00, HOURS_DIFFER",
        "mon, '', OPEN_THEN",
        "tue, '', HOURS_DIFFER",
        "'', 10:00:00, OPEN_THEN",
        "'', 20:00:00, HOURS_DIFFER",
    })
    void aRhythmMeetsHoursOnItsDaysAndAtItsTimes(String day, String time, ChoiceReason expected) {
        // Given
        Timing timing = new Timing();
        if (!day.isEmpty()) {
            timing.getRepeat().addDayOfWeek(Timing.DayOfWeek.fromCode(day));
        }
        if (!time.isEmpty()) {
            timing.getRepeat().getTimeOfDay().add(new TimeType(time));
        }
        // Then
        assertThat(judge(open("mon", "09:00:00", "17:00:00"), timing)).contains(expected);
        timing.getRepeat().setBounds(period("2026-11-30", "2026-12-30"));
        assertThat(judge(open("mon", "09:00:00", "17:00:00"), timing)).contains(expected);
    }

    @Test
    void aRhythmIsClosedWhereAllItsDaysAre() {
        // Given
        Timing timing = new Timing();
        timing.getRepeat().addDayOfWeek(Timing.DayOfWeek.FRI).setBounds(period("2026-12-22", "2026-12-27"));
        HealthcareService service = open("", "09:00:00", "17:00:00");
        service.addNotAvailable().setDuring(period("2026-12-25", "2026-12-25"));
        // Then
        assertThat(judge(service, timing)).contains(CLOSED_THEN);
        // A time that never comes is none
        timing.getRepeat().setBounds(period("2026-12-22", "2026-12-23"));
        assertThat(judge(service, timing)).isEmpty();
    }

    @Test
    void eventsAreFromTheFirstToTheLast() {
        // Given
        Timing timing = new Timing();
        timing.getEvent().add(new DateTimeType("2026-12-02"));
        timing.getEvent().add(new DateTimeType("2026-11-30"));
        // Then
        assertThat(judge(open("wed", "09:00:00", "17:00:00"), timing)).contains(OPEN_THEN);
        assertThat(judge(open("thu", "09:00:00", "17:00:00"), timing)).contains(HOURS_DIFFER);
    }

    @Test
    void whatCannotWaitIsNeededNow() {
        // Given
        TimeNeeded now = TimeNeeded.of(null, "stat", NEW_YORK).orElseThrow();
        // Then
        assertThat(OpeningHours.judge(open("sat", "09:00:00", "17:00:00"), now, NOW, NEW_YORK))
                .contains(OPEN_THEN);
        assertThat(OpeningHours.judge(open("mon", "09:00:00", "17:00:00"), now, NOW, NEW_YORK))
                .contains(HOURS_DIFFER);
        assertThat(TimeNeeded.of(null, "asap", NEW_YORK)).contains(now);
        assertThat(TimeNeeded.of(null, "urgent", NEW_YORK)).isEmpty();
        assertThat(TimeNeeded.of(new Period(), "routine", NEW_YORK)).isEmpty();
        assertThat(TimeNeeded.of(new Timing(), "stat", NEW_YORK)).contains(now);
        // What is said counts for more
        assertThat(TimeNeeded.of(new DateTimeType("2026-12-01"), "stat", NEW_YORK))
                .isNotEqualTo(Optional.of(now));
    }

    @Test
    void saysNothingWhereNothingIsToldOrAllIsOver() {
        assertThat(judge(new HealthcareService(), period("2026-11-30", ""))).isEmpty();
        assertThat(judge(open("mon", "09:00:00", "17:00:00"), period("2026-01-01", "2026-02-01")))
                .isEmpty();
        assertThat(judge(open("mon", "09:00:00", "17:00:00"), new DateTimeType("2026-02-28T14:59:59Z")))
                .isEmpty();
        assertThat(judge(open("mon", "nine", "17:00:00"), period("2026-11-30", "2026-12-01")))
                .isEmpty();
        HealthcareService empty = new HealthcareService();
        empty.addAvailableTime().setAllDay(false);
        assertThat(judge(empty, period("2026-11-30", "2026-12-01"))).isEmpty();
    }

    private static Optional<ChoiceReason> judge(HealthcareService service, Type when) {
        return TimeNeeded.of(when, "routine", NEW_YORK)
                .flatMap(needed -> OpeningHours.judge(service, needed, NOW, NEW_YORK));
    }

    private static HealthcareService open(String day, String start, String end) {
        HealthcareService service = new HealthcareService();
        HealthcareServiceAvailableTimeComponent hours = service.addAvailableTime();
        if (!day.isEmpty()) {
            hours.addDaysOfWeek(DaysOfWeek.fromCode(day));
        }
        if (!start.isEmpty()) {
            hours.setAvailableStartTime(start);
        }
        if (!end.isEmpty()) {
            hours.setAvailableEndTime(end);
        }
        return service;
    }

    private static Period period(String start, String end) {
        Period period = new Period();
        if (!start.isEmpty()) {
            period.setStartElement(new DateTimeType(start));
        }
        if (!end.isEmpty()) {
            period.setEndElement(new DateTimeType(end));
        }
        return period;
    }
}
