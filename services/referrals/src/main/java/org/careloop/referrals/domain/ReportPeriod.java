package org.careloop.referrals.domain;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;

/** The days that figures are of, both of them included. */
public record ReportPeriod(LocalDate start, LocalDate end, ZoneId zone) {

    private static final String DAY = "YYYY-MM-DD";

    /** Reads two days, {@code YYYY-MM-DD}; fails with {@link ProblemCode#INVALID_PARAMETER}. */
    public static ReportPeriod of(String start, String end, ZoneId zone) {
        ReportPeriod period = new ReportPeriod(day("start", start), day("end", end), zone);
        if (period.end.isBefore(period.start)) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER, "end: before start (expected: the same day or a later one)");
        }
        return period;
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

    Period asPeriod() {
        return new Period()
                .setStartElement(new DateTimeType(start.toString()))
                .setEndElement(new DateTimeType(end.toString()));
    }
}
