package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import org.hl7.fhir.r4.model.Encounter;

/**
 * One thing that was said of a stay.
 *
 * @param step what
 * @param when its times, which put it into its place among the others
 * @param key tells it from all others of the stay; the same is said once
 * @param told the stay as the sender describes it
 * @param cleared elements that the sender emptied, as {@link SnapshotMerge} takes them
 * @param whole whether {@code told} is all that there is to say, as in a FHIR update: what it leaves out is gone. What a message
 *     leaves out stays
 */
public record StayEvent(StayStep step, Times when, String key, Encounter told, Set<String> cleared, boolean whole) {

    /**
     * When it was said.
     *
     * @param recorded when it was entered where it comes from: EVN-2. What was entered last is the last word
     * @param sent when it was sent: MSH-7
     * @param at when it happened: EVN-6; of a cancellation, when that happened which is taken back
     * @param received when it came to be known here
     */
    public record Times(Instant recorded, Instant sent, Instant at, Instant received) {

        /** The same, of what comes to be known {@code now}: a message may have waited. */
        public Times receivedAt(Instant now) {
            return new Times(recorded, sent, at, now);
        }
    }

    /**
     * The order in which they were said, whatever order they came in. Of what has the same times, what leads to the other comes first.
     */
    public static final Comparator<StayEvent> AS_SAID = Comparator.comparing(
                    (StayEvent event) -> event.when().recorded())
            .thenComparing(event -> event.when().sent())
            .thenComparing(event -> event.when().at())
            .thenComparing(StayEvent::step)
            .thenComparing(StayEvent::key);
}
