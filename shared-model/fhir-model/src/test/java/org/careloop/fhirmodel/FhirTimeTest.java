package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.hl7.fhir.r4.model.Period;
import org.junit.jupiter.api.Test;

class FhirTimeTest {

    private static final Instant AT = Instant.parse("2026-03-07T20:00:00.123456Z");

    @Test
    void writesUtcToTheMillisecond() {
        // When, Then
        assertThat(FhirTime.dateTime(AT).getValueAsString()).isEqualTo("2026-03-07T20:00:00.123Z");
        assertThat(FhirTime.dateTime(AT).getValue().toInstant()).isEqualTo(Instant.parse("2026-03-07T20:00:00.123Z"));
    }

    @Test
    void writesTheClockOfThePlaceOverTheChangeToSummerTime() {
        // When
        Period period = FhirTime.period(AT, AT.plusSeconds(86_400), ZoneId.of("America/New_York"));
        // Then
        assertThat(period.getStartElement().getValueAsString()).isEqualTo("2026-03-07T15:00:00.123-05:00");
        assertThat(period.getEndElement().getValueAsString()).isEqualTo("2026-03-08T16:00:00.123-04:00");
    }

    @Test
    void writesDayWithoutTime() {
        // When, Then
        assertThat(FhirTime.date(LocalDate.of(2026, 3, 7)).getValueAsString()).isEqualTo("2026-03-07");
    }
}
