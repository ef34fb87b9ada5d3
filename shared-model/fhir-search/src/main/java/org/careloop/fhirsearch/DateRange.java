package org.careloop.fhirsearch;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import ca.uhn.fhir.parser.DataFormatException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
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

    /** Reads a search value such as {@code 2026-11}; fails with {@link ProblemCode#INVALID_PARAMETER}. */
    static DateRange parse(String parameter, String value) {
        try {
            return ofPrimitive(new DateTimeType(value.replace(' ', '+')));
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new FhirProblem(
                    ProblemCode.INVALID_PARAMETER,
                    parameter + ": not a date (expected: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with zone)");
        }
    }

    /** Returns the time that an element covers; empty when it has none. */
    static Optional<DateRange> of(Base element) {
        return switch (element) {
            case BaseDateTimeType date when date.getValue() != null -> Optional.of(ofPrimitive(date));
            case Period period -> ofPeriod(period);
            case Timing timing when timing.hasEvent() ->
                Optional.of(new DateRange(
                        timing.getEvent().stream().map(DateRange::ofPrimitive).map(DateRange::low).min(Instant::compareTo).orElse(MIN),
                        timing.getEvent().stream().map(DateRange::ofPrimitive).map(DateRange::high).max(Instant::compareTo).orElse(MAX)));
            case Timing timing when timing.getRepeat().hasBoundsPeriod() ->
                ofPeriod(timing.getRepeat().getBoundsPeriod());
            default -> Optional.empty();
        };
    }

    private static Optional<DateRange> ofPeriod(Period period) {
        if (!period.hasStart() && !period.hasEnd()) {
            return Optional.empty();
        }
        return Optional.of(new DateRange(
                period.hasStart() ? ofPrimitive(period.getStartElement()).low() : MIN,
                period.hasEnd() ? ofPrimitive(period.getEndElement()).high() : MAX));
    }

    private static DateRange ofPrimitive(BaseDateTimeType date) {
        OffsetDateTime low = date.getTimeZone() == null && date.getPrecision().ordinal() <= TemporalPrecisionEnum.DAY.ordinal()
                ? startOf(date)
                : date.getValue().toInstant().atOffset(ZoneOffset.UTC);
        OffsetDateTime high =
                switch (date.getPrecision()) {
                    case YEAR -> low.plusYears(1);
                    case MONTH -> low.plusMonths(1);
                    case DAY -> low.plusDays(1);
                    case MINUTE -> low.plusMinutes(1);
                    case SECOND -> low.plusSeconds(1);
                    case MILLI -> low.plus(1, ChronoUnit.MILLIS);
                };
        return new DateRange(low.toInstant(), high.toInstant());
    }

    /** The machine's zone must not move a date: its digits are read as UTC. */
    private static OffsetDateTime startOf(BaseDateTimeType date) {
        String[] digits = date.getValueAsString().split("-");
        return OffsetDateTime.of(
                Integer.parseInt(digits[0]),
                digits.length > 1 ? Integer.parseInt(digits[1]) : 1,
                digits.length > 2 ? Integer.parseInt(digits[2]) : 1,
                0,
                0,
                0,
                0,
                ZoneOffset.UTC);
    }
}
