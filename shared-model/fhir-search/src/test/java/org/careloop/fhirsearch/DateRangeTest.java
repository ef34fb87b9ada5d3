package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.TimeZone;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Timing;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/search.html#date">FHIR R4 date search</a> */
class DateRangeTest {

    private static final TimeZone OF_THIS_MACHINE = TimeZone.getDefault();

    @AfterEach
    void restoreZone() {
        TimeZone.setDefault(OF_THIS_MACHINE);
    }

    @ParameterizedTest
    @CsvSource({
        "2026, 2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z",
        "2024-02, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "2026-12, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
        "2026-03-29, 2026-03-29T00:00:00Z, 2026-03-30T00:00:00Z",
        "2026-11-01T10:15Z, 2026-11-01T10:15:00Z, 2026-11-01T10:16:00Z",
        "2026-11-01T10:15:30Z, 2026-11-01T10:15:30Z, 2026-11-01T10:15:31Z",
        "2026-11-01T10:15:30.250Z, 2026-11-01T10:15:30.250Z, 2026-11-01T10:15:30.251Z",
        "2026-11-01T10:15:30+05:30, 2026-11-01T04:45:30Z, 2026-11-01T04:45:31Z",
        "2026-11-01T10:15:30-08:00, 2026-11-01T18:15:30Z, 2026-11-01T18:15:31Z",
        // A plus that was not percent-encoded arrives as a blank.
        "2026-11-01T10:15:30 05:30, 2026-11-01T04:45:30Z, 2026-11-01T04:45:31Z",
        // No zone: read as UTC, also where clocks jump over that hour.
        "2026-03-29T02:30:00, 2026-03-29T02:30:00Z, 2026-03-29T02:30:01Z"
    })
    void precisionTellsHowLongADateLastsWhateverTheZoneOfTheMachine(String text, Instant low, Instant high) {
        for (String zone : new String[] {"UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Europe/Berlin"}) {
            // Given
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            // Then
            assertThat(DateRange.parse("date", text)).as(zone).isEqualTo(new DateRange(low, high));
            if (!text.equals("2026-11-01T10:15Z")) { // An element may not end with the minute.
                assertThat(DateRange.of(new DateTimeType(text.replace(' ', '+'))))
                        .as(zone)
                        .contains(new DateRange(low, high));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Zyxwvut",
                "2026-13",
                "2026-02-30",
                "26",
                "2026-1-1",
                "2026-11-01T",
                "2026-11-01T25:00:00Z",
                "2026-11-01T10:15:30+99:00"
            })
    void refusesWhatIsNoDateAndRepeatsNothingOfIt(String text) {
        assertThatThrownBy(() -> DateRange.parse("birthdate", text))
                .isInstanceOfSatisfying(
                        FhirProblem.class,
                        problem -> assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_PARAMETER))
                .hasMessageContaining("birthdate: not a date")
                .hasMessageNotContaining("Zyxwvut");
    }

    @Test
    void aPeriodReachesFromTheStartOfItsStartToTheEndOfItsEnd() {
        assertThat(DateRange.of(period("2026-01", "2026-03-05")))
                .contains(new DateRange(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-03-06T00:00:00Z")));
    }

    @Test
    void aPeriodWithoutAnEndIsOpen() {
        assertThat(DateRange.of(period("2026-01", null)))
                .contains(new DateRange(Instant.parse("2026-01-01T00:00:00Z"), DateRange.MAX));
        assertThat(DateRange.of(period(null, "2026-01")))
                .contains(new DateRange(DateRange.MIN, Instant.parse("2026-02-01T00:00:00Z")));
        assertThat(DateRange.of(new Period())).isEmpty();
    }

    @Test
    void aValueThatIsReplacedByAnExtensionIsNoDate() {
        // Given
        Period period = period(null, "2026-01");
        period.getStartElement().addExtension("http://example.org/unknown", new BooleanType(true));
        Timing timing = new Timing();
        timing.addEventElement().addExtension("http://example.org/unknown", new BooleanType(true));
        // Then
        assertThat(DateRange.of(period)).contains(new DateRange(DateRange.MIN, Instant.parse("2026-02-01T00:00:00Z")));
        assertThat(DateRange.of(timing)).isEmpty();
        assertThat(DateRange.of(new DateType())).isEmpty();
    }

    @Test
    void aTimingSpansItsEventsOrItsBounds() {
        // Given
        Timing events = new Timing();
        events.addEventElement().setValueAsString("2026-03");
        events.addEventElement().setValueAsString("2026-01-05");
        Timing bounds = new Timing();
        bounds.getRepeat().setBounds(period("2026-01", "2026-01"));
        // Then
        assertThat(DateRange.of(events))
                .contains(new DateRange(Instant.parse("2026-01-05T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z")));
        assertThat(DateRange.of(bounds))
                .contains(new DateRange(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-01T00:00:00Z")));
    }

    @ParameterizedTest
    @CsvSource({
        // Ended 100 days ago, starts in 50 days, is today; what would reach out of all time.
        "2026-08-23, 2026-08-13T00:00:00Z, 2026-09-03T00:00:00Z",
        "2027-01-21, 2027-01-16T00:00:00Z, 2027-01-27T00:00:00Z",
        "2026-12, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
        "0001, 0001-01-01T00:00:00Z, 0204-06-29T14:24:00Z",
        "9999, 9201-10-16T16:48:00Z, 9999-12-31T23:59:59Z"
    })
    void aboutATimeIsATenthOfItsDistanceFromNow(String text, Instant low, Instant high) {
        assertThat(DateRange.parse("date", text).about(Instant.parse("2026-12-02T00:00:00Z")))
                .isEqualTo(new DateRange(low, high));
    }

    @Test
    void anInstantLastsAMillisecond() {
        assertThat(DateRange.of(new InstantType("2026-11-01T10:15:30.250+01:00")))
                .contains(new DateRange(
                        Instant.parse("2026-11-01T09:15:30.250Z"), Instant.parse("2026-11-01T09:15:30.251Z")));
    }

    private static Period period(@Nullable String start, @Nullable String end) {
        Period period = new Period();
        if (start != null) {
            period.setStartElement(new DateTimeType(start));
        }
        if (end != null) {
            period.setEndElement(new DateTimeType(end));
        }
        return period;
    }
}
