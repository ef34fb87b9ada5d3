package org.careloop.patients.domain.reconciliation;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A stay, as far as its medicines are concerned.
 *
 * @param encounterId id of the Encounter
 * @param patientId id of the Patient
 * @param zone of the days of its site
 */
public record StayPeriod(
        String encounterId,
        String patientId,
        Phase phase,
        Optional<Instant> started,
        Optional<Instant> ended,
        ZoneId zone) {

    /** How far it is. */
    public enum Phase {
        /** The patient has not left. */
        OPEN,
        DISCHARGED,
        /** It was an error, or came to nothing. */
        RETRACTED
    }

    /** The literal reference of the Encounter. */
    public String reference() {
        return "Encounter/" + encounterId;
    }
}
