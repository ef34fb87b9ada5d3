package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.hl7.fhir.r4.model.BaseDateTimeType;

/**
 * When something was done, as exactly as it was said: a moment, or a day of which it is a day at the site, whose zone is known only
 * where the stay is.
 *
 * @param at the moment; absent of a day
 * @param day the day; absent of a moment
 */
public record EvidenceTime(Optional<Instant> at, Optional<LocalDate> day) {

    /** Fails unless it is one of the two. */
    public EvidenceTime {
        if (at.isPresent() == day.isPresent()) {
            throw new IllegalArgumentException("time: neither or both (expected: a moment or a day)");
        }
    }

    /** A moment. */
    public static EvidenceTime of(Instant at) {
        return new EvidenceTime(Optional.of(at), Optional.empty());
    }

    /** Some time of a day. */
    public static EvidenceTime of(LocalDate day) {
        return new EvidenceTime(Optional.empty(), Optional.of(day));
    }

    /** As {@code time} says it; empty where there is none, or no more than a month or year. */
    public static Optional<EvidenceTime> of(BaseDateTimeType time) {
        if (!time.hasValue()) {
            return Optional.empty();
        }
        return switch (time.getPrecision()) {
            case YEAR, MONTH -> Optional.empty();
            case DAY -> Optional.of(of(LocalDate.parse(time.getValueAsString())));
            case MINUTE, SECOND, MILLI -> Optional.of(of(time.getValue().toInstant()));
        };
    }

    /** The first moment at which it may have been. */
    public Instant from(ZoneId zone) {
        return at.orElseGet(() -> day.orElseThrow().atStartOfDay(zone).toInstant());
    }

    /** The day at the site. */
    public LocalDate dayIn(ZoneId zone) {
        return day.orElseGet(() -> at.orElseThrow().atZone(zone).toLocalDate());
    }

    /**
     * Returns since when it counts in a time from {@code opens} through the second {@code due}; empty when it does not. A day counts
     * if part of it does.
     */
    public Optional<Instant> within(Instant opens, Instant due, ZoneId zone) {
        Instant first = from(zone);
        Instant last = at.orElseGet(() ->
                day.orElseThrow().plusDays(1).atStartOfDay(zone).toInstant().minusNanos(1));
        if (last.isBefore(opens) || first.truncatedTo(ChronoUnit.SECONDS).isAfter(due)) {
            return Optional.empty();
        }
        return Optional.of(first.isBefore(opens) ? opens : first);
    }
}
