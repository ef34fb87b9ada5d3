package org.careloop.fhirmodel;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;

/** Some days of a place, both of them included: what a report or a review is asked of. */
public record DayPeriod(LocalDate start, LocalDate end, ZoneId zone) {

    private static final String DAY = "YYYY-MM-DD";

    /** Reads two days, {@code YYYY-MM-DD}; fails with {@link ProblemCode#INVALID_PARAMETER}. */
    public static DayPeriod of(String start, String end, ZoneId zone) {
        DayPeriod days = new DayPeriod(day("start", start), day("end", end), zone);
        if (days.end.isBefore(days.start)) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "end: before start (expected: the same day or a later one)");
        }
        return days;
    }

    private static LocalDate day(String name, String text) {
        try {
            if (text.length() == DAY.length()) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException e) {
            // As for what is no day by its length: years of more digits are none that a database knows.
        }
        throw new FhirProblem(ProblemCode.INVALID_PARAMETER, name + ": not a day (expected: " + DAY + ")");
    }

    /** When the first day begins. */
    public Instant from() {
        return start.atStartOfDay(zone).toInstant();
    }

    /** When the last day is over. */
    public Instant until() {
        return end.plusDays(1).atStartOfDay(zone).toInstant();
    }

    /** Whether {@code time} is on one of the days. */
    public boolean contains(Instant time) {
        return !time.isBefore(from()) && time.isBefore(until());
    }

    /** The same days in FHIR. */
    public Period asPeriod() {
        return new Period()
                .setStartElement(new DateTimeType(start.toString()))
                .setEndElement(new DateTimeType(end.toString()));
    }
}
