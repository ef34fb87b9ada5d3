package org.careloop.calleraccess;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirsearch.DateRange;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Period;

/** A time; from its start on, before its end; without one of them, open there. */
public record Between(Optional<Instant> from, Optional<Instant> until) {

    public static final Between ALWAYS = new Between(Optional.empty(), Optional.empty());

    /** A period's end counts whole, as far as it is told: a date is the whole day. */
    static Between of(Period period) {
        return new Between(
                told(period.getStartElement()).map(DateRange::low),
                told(period.getEndElement()).map(DateRange::high));
    }

    private static Optional<DateRange> told(DateTimeType time) {
        return Optional.ofNullable(time.getValueAsString()).map(value -> DateRange.parse("period", value));
    }

    Between within(Between outer) {
        return new Between(latest(from, outer.from), earliest(until, outer.until));
    }

    private static Optional<Instant> latest(Optional<Instant> one, Optional<Instant> other) {
        return Stream.of(one, other).flatMap(Optional::stream).max(Instant::compareTo);
    }

    private static Optional<Instant> earliest(Optional<Instant> one, Optional<Instant> other) {
        return Stream.of(one, other).flatMap(Optional::stream).min(Instant::compareTo);
    }
}
