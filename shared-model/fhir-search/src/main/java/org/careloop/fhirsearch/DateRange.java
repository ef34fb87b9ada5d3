package org.careloop.fhirsearch;

import ca.uhn.fhir.parser.DataFormatException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Timing;

/**
 * The time that a FHIR date covers, by its precision: from {@code low} up to but not including {@code high}. A date
 * without a zone is read as UTC.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#date">FHIR R4 date search</a>
 */
public record DateRange(Instant low, Instant high) {

    /** Stands for an open start of a period. */
    public static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");

    /** Stands for an open end of a period. */
    public static final Instant MAX = Instant.parse("9999-12-31T23:59:59Z");

    private static final int PART_OF_DISTANCE = 10;

    /** FHIR lets a search value end with the minute, an element not. */
    private static final Pattern MINUTES =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d)(Z?|[+-]\\d\\d:\\d\\d)");

    /** Reads a search value such as {@code 2026-11}; fails with {@link ProblemCode#INVALID_PARAMETER}. */
    public static DateRange parse(String parameter, String value) {
        try {
            // A plus that was not percent-encoded arrives as a blank.
            Matcher minutes = MINUTES.matcher(value.replace(' ', '+'));
            if (!minutes.matches()) {
                return ofPrimitive(new DateTimeType(value.replace(' ', '+'))).orElseThrow(() -> invalid(parameter));
            }
            Instant low = parse(parameter, minutes.group(1) + ":00" + minutes.group(2)).low;
            return new DateRange(low, low.plus(1, ChronoUnit.MINUTES));
        } catch (DataFormatException | IllegalArgumentException | DateTimeException e) {
            throw invalid(parameter);
        }
    }

    /**
     * Reads a search value as {@code comparison} means it: what is about a time, {@link Comparison#AP}, may lie off it by a
     * tenth of its distance from now.
     *
     * @see <a href="https://hl7.org/fhir/R4/search.html#prefix">FHIR R4 prefixes</a>
     */
    static DateRange parse(String parameter, Comparison comparison, String value) {
        DateRange range = parse(parameter, comparison.strip(value));
        return comparison == Comparison.AP ? range.about(Instant.now()) : range;
    }

    /** Returns this time with a tenth of its distance from {@code now} on both sides. */
    DateRange about(Instant now) {
        Duration distance = now.isBefore(low)
                ? Duration.between(now, low)
                : now.isAfter(high) ? Duration.between(high, now) : Duration.ZERO;
        Instant from = low.minus(distance.dividedBy(PART_OF_DISTANCE));
        Instant to = high.plus(distance.dividedBy(PART_OF_DISTANCE));
        return new DateRange(from.isBefore(MIN) ? MIN : from, to.isAfter(MAX) ? MAX : to);
    }

    private static FhirProblem invalid(String parameter) {
        return new FhirProblem(
                ProblemCode.INVALID_PARAMETER,
                parameter + ": not a date (expected: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with zone)");
    }

    /** Returns the time that an element covers; empty when it has none. */
    static Optional<DateRange> of(Base element) {
        return switch (element) {
            case BaseDateTimeType date -> ofPrimitive(date);
            case Period period -> ofPeriod(period);
            case Timing timing
            when timing.hasEvent() ->
                timing.getEvent().stream()
                        .flatMap(event -> ofPrimitive(event).stream())
                        .reduce(DateRange::spanning);
            case Timing timing
            when timing.getRepeat().hasBoundsPeriod() ->
                ofPeriod(timing.getRepeat().getBoundsPeriod());
            default -> Optional.empty();
        };
    }

    private static DateRange spanning(DateRange one, DateRange other) {
        return new DateRange(
                one.low.isBefore(other.low) ? one.low : other.low,
                one.high.isAfter(other.high) ? one.high : other.high);
    }

    /** An end that holds an extension instead of a value is open. */
    private static Optional<DateRange> ofPeriod(Period period) {
        Optional<DateRange> start = ofPrimitive(period.getStartElement());
        Optional<DateRange> end = ofPrimitive(period.getEndElement());
        return start.isEmpty() && end.isEmpty()
                ? Optional.empty()
                : Optional.of(new DateRange(
                        start.map(DateRange::low).orElse(MIN),
                        end.map(DateRange::high).orElse(MAX)));
    }

    private static Optional<DateRange> ofPrimitive(BaseDateTimeType date) {
        if (date.getValue() == null) {
            return Optional.empty();
        }
        OffsetDateTime low = startOf(date);
        OffsetDateTime high = switch (date.getPrecision()) {
            case YEAR -> low.plusYears(1);
            case MONTH -> low.plusMonths(1);
            case DAY -> low.plusDays(1);
            case MINUTE -> low.plusMinutes(1);
            case SECOND -> low.plusSeconds(1);
            case MILLI -> low.plus(1, ChronoUnit.MILLIS);
        };
        return Optional.of(new DateRange(low.toInstant(), high.toInstant()));
    }

    /** The machine's zone must not move a date: without a zone of its own, its digits are read as UTC. */
    private static OffsetDateTime startOf(BaseDateTimeType date) {
        String text = date.getValueAsString();
        return switch (date.getPrecision()) {
            case YEAR -> Year.parse(text).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
            case MONTH -> YearMonth.parse(text).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
            case DAY -> LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC);
            case MINUTE, SECOND, MILLI ->
                date.getTimeZone() == null
                        ? LocalDateTime.parse(text).atOffset(ZoneOffset.UTC)
                        : date.getValue().toInstant().atOffset(ZoneOffset.UTC);
        };
    }
}
