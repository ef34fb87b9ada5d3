package org.careloop.transitions.domain;

import java.util.Optional;

/**
 * What a resource shows to have been done, before anybody looks for whose transition it counts.
 *
 * @param kind as {@link Evidence#kind}
 * @param stated whether {@code time} is what the resource says, not only when it came to be so
 * @param patient id of the patient
 * @param encounter id of the stay after which it was done, where it names that; else it counts by its time
 * @param during id of the encounter in which it was done; what was done in a stay was not done after one
 */
public record FoundEvidence(
        String kind,
        EvidenceTime time,
        boolean stated,
        Optional<String> actor,
        String patient,
        Optional<String> encounter,
        Optional<String> during) {

    /** What was not done in an encounter, as far as anybody says. */
    public FoundEvidence(
            String kind,
            EvidenceTime time,
            boolean stated,
            Optional<String> actor,
            String patient,
            Optional<String> encounter) {
        this(kind, time, stated, actor, patient, encounter, Optional.empty());
    }

    FoundEvidence during(Optional<String> id) {
        return new FoundEvidence(kind, time, stated, actor, patient, encounter, id);
    }
}
