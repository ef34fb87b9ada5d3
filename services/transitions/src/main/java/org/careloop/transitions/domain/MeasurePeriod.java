package org.careloop.transitions.domain;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;

/** The days whose discharges are measured, both of them included; days of the site of each discharge. */
public record MeasurePeriod(LocalDate first, LocalDate last) {

    private static final String DAY = "YYYY-MM-DD";
    private static final int MOST_DAYS = 366;

    /** The days of {@code month}. */
    public static MeasurePeriod of(YearMonth month) {
        return new MeasurePeriod(month.atDay(1), month.atEndOfMonth());
    }

    /** Reads two days; fails with {@link ProblemCode#INVALID_PARAMETER}. */
    public static MeasurePeriod of(String start, String end) {
        MeasurePeriod period = new MeasurePeriod(day("periodStart", start), day("periodEnd", end));
        if (period.last.isBefore(period.first) || ChronoUnit.DAYS.between(period.first, period.last) >= MOST_DAYS) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    "periodEnd: before periodStart or too long after it (expected: at most " + MOST_DAYS + " days)");
        }
        return period;
    }

    private static LocalDate day(String name, String text) {
        try {
            if (text.length() == DAY.length()) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException e) {
            // Told below, as what is no day by its length.
        }
        throw new FhirProblem(ProblemCode.INVALID_PARAMETER, name + ": not a day (expected: " + DAY + ")");
    }

    /** Whether {@code at} is on one of the days in {@code zone}. */
    public boolean contains(Instant at, ZoneId zone) {
        LocalDate day = at.atZone(zone).toLocalDate();
        return !day.isBefore(first) && !day.isAfter(last);
    }

    /**
     * Whether nothing can change what is counted of these days {@code today} any more but what is told late.
     *
     * @param openDays for how many days after a discharge evidence can count
     * @param since from when on it is followed who patients are and who pays; of days before that it is often not known, for good
     */
    public boolean isWhole(LocalDate today, int openDays, LocalDate since) {
        return today.isAfter(last.plusDays(openDays)) && !first.isBefore(since);
    }

    /** A moment before the first day begins anywhere. */
    public Instant from() {
        return first.minusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** A moment after the last day has ended everywhere. */
    public Instant until() {
        return last.plusDays(2).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    Period asPeriod() {
        return new Period()
                .setStartElement(new DateTimeType(first.toString()))
                .setEndElement(new DateTimeType(last.toString()));
    }
}
