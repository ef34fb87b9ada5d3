package org.careloop.transitions.hl7;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;

/**
 * An HL7 v2 time stamp (DTM): {@code YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]}, with the precision it was given.
 *
 * @param local the time as written; what is left out is the first possible value
 * @param offset the offset, if written
 * @param precision how much was written
 */
record Hl7Time(LocalDateTime local, Optional<ZoneOffset> offset, TemporalPrecisionEnum precision) {

    private static final Pattern SYNTAX = Pattern.compile(
            "(\\d{4})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:\\.\\d{1,6})?)?)?)?)?)?([+-]\\d{4})?");
    private static final int FIRST_YEAR = 1800;

    static Optional<Hl7Time> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(matcher, 1, 0),
                    number(matcher, 2, 1),
                    number(matcher, 3, 1),
                    number(matcher, 4, 0),
                    number(matcher, 5, 0),
                    number(matcher, 6, 0));
            Optional<ZoneOffset> offset = Optional.ofNullable(matcher.group(7)).map(ZoneOffset::of);
            return local.getYear() < FIRST_YEAR
                    ? Optional.empty()
                    : Optional.of(new Hl7Time(local, offset, precision(matcher)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(Matcher matcher, int group, int absent) {
        return matcher.group(group) == null ? absent : Integer.parseInt(matcher.group(group));
    }

    private static TemporalPrecisionEnum precision(Matcher matcher) {
        if (matcher.group(4) != null) {
            return TemporalPrecisionEnum.SECOND;
        }
        if (matcher.group(3) != null) {
            return TemporalPrecisionEnum.DAY;
        }
        return matcher.group(2) != null ? TemporalPrecisionEnum.MONTH : TemporalPrecisionEnum.YEAR;
    }

    Instant toInstant(ZoneId zone) {
        return local.atZone(offset.<ZoneId>map(each -> each).orElse(zone)).toInstant();
    }

    boolean hasTimeOfDay() {
        return precision == TemporalPrecisionEnum.SECOND;
    }

    LocalDate date() {
        return local.toLocalDate();
    }

    /** A FHIR dateTime with the same precision; one with a time of day carries the offset of the site's zone. */
    DateTimeType toDateTime(ZoneId zone) {
        if (!hasTimeOfDay()) {
            return new DateTimeType(written());
        }
        DateTimeType time = new DateTimeType(Date.from(toInstant(zone)), TemporalPrecisionEnum.SECOND);
        time.setTimeZone(TimeZone.getTimeZone(offset.<ZoneId>map(each -> each).orElse(zone)));
        return time;
    }

    /** A FHIR date; a time of day is left out. */
    DateType toDate() {
        return new DateType(written());
    }

    private String written() {
        return switch (precision) {
            case YEAR -> "%04d".formatted(local.getYear());
            case MONTH -> "%04d-%02d".formatted(local.getYear(), local.getMonthValue());
            case DAY, MINUTE, SECOND, MILLI -> date().toString();
        };
    }
}
