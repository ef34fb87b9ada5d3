package org.careloop.transitions.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.ResourceKey;

/**
 * Something that was done and may let a milestone be reached, or a measure be met.
 *
 * @param kind what it is, by {@link EvidenceRules}
 * @param time when it was done
 * @param reference to the resource that says so
 * @param version of that resource
 * @param actor reference to who did it
 * @param recorded when it was told here, however long ago it was done
 * @param source the service that told it
 */
public record Evidence(
        String kind,
        EvidenceTime time,
        String reference,
        long version,
        Optional<String> actor,
        Instant recorded,
        String source) {

    private static final Set<String> PERSONS = Set.of("Practitioner", "PractitionerRole");

    /** Clocks of those who record differ by as much. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Whether it can have happened when it was told; what is only to come shows nothing. */
    public boolean hasHappened(ZoneId zone) {
        return !time.from(zone).isAfter(recorded.plus(TOLERANCE));
    }

    /** Whether it names one of the staff who did it, not only whose they are, or nobody. */
    boolean namesWho() {
        return actor.flatMap(ResourceKey::parse)
                .filter(key -> PERSONS.contains(key.type()))
                .isPresent();
    }

    /** Reference to the version that was told; of what was known before versions were kept, to the resource. */
    public String versioned() {
        return version == 0 ? reference : reference + "/_history/" + version;
    }
}
