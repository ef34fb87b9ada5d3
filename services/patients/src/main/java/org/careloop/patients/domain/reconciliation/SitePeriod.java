package org.careloop.patients.domain.reconciliation;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.hl7.fhir.r4.model.BaseDateTimeType;

/** Times as a site means them: a day without a time of day begins there. */
public final class SitePeriod {

    private SitePeriod() {}

    /** Whether a time of day is told. */
    static boolean isMoment(BaseDateTimeType time) {
        return time.hasValue() && time.getPrecision().ordinal() > TemporalPrecisionEnum.DAY.ordinal();
    }

    /** Returns the moment; of a day, month or year its first one. Empty where none is told. */
    public static Optional<Instant> time(BaseDateTimeType time, ZoneId zone) {
        if (!time.hasValue()) {
            return Optional.empty();
        }
        return Optional.of(
                !isMoment(time)
                        ? LocalDate.parse((time.getValueAsString() + "-01-01").substring(0, 10))
                                .atStartOfDay(zone)
                                .toInstant()
                        : time.getValue().toInstant());
    }
}
