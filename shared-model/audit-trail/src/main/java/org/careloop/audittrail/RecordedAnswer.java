package org.careloop.audittrail;

import java.time.Instant;

/**
 * A row of the trail as it was written.
 *
 * @param seq its number in the trail of this service
 */
public record RecordedAnswer(long seq, Instant recorded, AuditRow row) {

    /** Time as the place of a page tells it. */
    public long recordedMicros() {
        return recorded.getEpochSecond() * 1_000_000 + recorded.getNano() / 1_000;
    }
}
