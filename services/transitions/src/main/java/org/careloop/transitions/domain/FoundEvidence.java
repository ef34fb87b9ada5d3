package org.careloop.transitions.domain;

import java.util.Optional;

/**
 * What a resource shows to have been done, before anybody looks for whose transition it counts.
 *
 * @param kind as {@link Evidence#kind}
 * @param stated whether {@code time} is what the resource says, not only when it came to be so
 * @param patient id of the patient
 * @param encounter id of the stay after which it was done, where it names that; else it counts by its time
 */
public record FoundEvidence(
        String kind,
        EvidenceTime time,
        boolean stated,
        Optional<String> actor,
        String patient,
        Optional<String> encounter) {}
