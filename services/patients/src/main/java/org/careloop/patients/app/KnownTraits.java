package org.careloop.patients.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.StoredResource;
import org.careloop.patients.domain.MatchRules;
import org.careloop.patients.domain.PatientMerge;
import org.careloop.patients.domain.PersonTraits;
import org.hl7.fhir.r4.model.Patient;

/**
 * What stored Patients tell of who they are. Many are compared with one who comes, and those of a day with the same ones again and
 * again, so what was read is remembered: reading a Patient takes longer than all else of a comparison.
 */
final class KnownTraits {

    /** About a kilobyte each. */
    private static final int MOST_REMEMBERED = 10_000;

    /** What of a Patient is compared, and whether another stands for them. */
    record Known(PersonTraits traits, boolean replaced) {}

    /** A version as it was shown: not everybody sees all of it, and one that was undone is followed by another of its number. */
    private record Shown(ResourceKey key, long version, int bytes) {

        private static Shown of(StoredResource stored) {
            return new Shown(
                    stored.key(),
                    stored.version(),
                    Arrays.hashCode(stored.body().getBytes()));
        }
    }

    private final MatchRules rules;
    private final Cache<Shown, Known> known =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    KnownTraits(MatchRules rules) {
        this.rules = rules;
    }

    /** Returns what {@code stored}, a Patient, tells. */
    Known of(StoredResource stored) {
        return known.get(Shown.of(stored), shown -> read(stored.as(Patient.class)));
    }

    private Known read(Patient patient) {
        return new Known(
                PersonTraits.of(patient, rules),
                PatientMerge.survivorOf(patient).isPresent());
    }
}
