package org.careloop.transitions.domain;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.hl7.fhir.r4.model.DateTimeType;

/** Times as a site means them: a day without a time of day is a day there. */
public final class SiteTime {

    private SiteTime() {}

    /** Returns the moment; of a day its first one. Empty where there is none, or only a month or year. */
    public static Optional<Instant> of(DateTimeType time, ZoneId zone) {
        return day(time, zone)
                .map(day -> time.getPrecision() == TemporalPrecisionEnum.DAY
                        ? day.atStartOfDay(zone).toInstant()
                        : time.getValue().toInstant());
    }

    /** Returns the day at the site. */
    public static Optional<LocalDate> day(DateTimeType time, ZoneId zone) {
        if (!time.hasValue()) {
            return Optional.empty();
        }
        return switch (time.getPrecision()) {
            case YEAR, MONTH -> Optional.empty();
            case DAY -> Optional.of(LocalDate.parse(time.getValueAsString()));
            case MINUTE, SECOND, MILLI ->
                Optional.of(time.getValue().toInstant().atZone(zone).toLocalDate());
        };
    }
}
