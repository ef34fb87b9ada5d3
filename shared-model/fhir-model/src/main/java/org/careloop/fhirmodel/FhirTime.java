package org.careloop.fhirmodel;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Period;

/** Makes FHIR's times from Java's, always with their zone: HAPI would else take the one of the process. */
public final class FhirTime {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");

    private FhirTime() {}

    /** Returns {@code at} in UTC, to the millisecond. */
    public static DateTimeType dateTime(Instant at) {
        return dateTime(at, ZoneOffset.UTC);
    }

    /** Returns {@code at} as the clocks of {@code zone} show it, to the millisecond. */
    public static DateTimeType dateTime(Instant at, ZoneId zone) {
        return new DateTimeType(FORMAT.format(at.atZone(zone)));
    }

    /** Returns {@code day} without a time. */
    public static DateType date(LocalDate day) {
        return new DateType(day.toString());
    }

    /** Returns the period from {@code start} to {@code end}, as the clocks of {@code zone} show them. */
    public static Period period(Instant start, Instant end, ZoneId zone) {
        return new Period().setStartElement(dateTime(start, zone)).setEndElement(dateTime(end, zone));
    }
}
