package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.Optional;

/**
 * What a person said of a delay of a stay: since when the patient was ready to leave, or a cause and its time.
 *
 * @param cause names what this is about; what was said last of it counts
 * @param reason a code of {@link AvoidableRules}; empty where it says since when the patient was ready
 * @param attribution a code of {@link AvoidableRules}; empty as well
 * @param end empty while it lasts
 * @param by who says so, a literal reference
 * @param recordedBy which organisation wrote it down, and who of it: as the server knows it
 * @param withdrawn whether it was no delay after all
 */
public record DelayEntry(
        String cause,
        String reason,
        String attribution,
        Instant start,
        Optional<Instant> end,
        Optional<String> note,
        String by,
        String recordedBy,
        Instant at,
        boolean withdrawn) {

    /** The cause of what says since when the patient was ready. */
    public static final String READY = "medically-ready";

    boolean isReadiness() {
        return cause.equals(READY);
    }
}
