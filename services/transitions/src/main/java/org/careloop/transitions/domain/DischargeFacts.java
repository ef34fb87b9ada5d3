package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What measures look at of a discharge.
 *
 * @param chain the stays that are measured with it as one
 * @param setting class of the stay
 * @param payer by {@link Payers}
 * @param evidence all that may count for it
 */
public record DischargeFacts(
        Instant discharged,
        ZoneId zone,
        StayChain chain,
        DischargeDestination destination,
        Optional<String> setting,
        Optional<LocalDate> born,
        Optional<Instant> died,
        Optional<String> payer,
        List<Evidence> evidence) {

    /** The day of the discharge at the site. */
    public LocalDate day() {
        return discharged.atZone(zone).toLocalDate();
    }

    /** The last second of {@code day} at the site. */
    Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(zone).toInstant().minusSeconds(1);
    }
}
