package org.careloop.patients.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirstore.StoredResource;
import org.careloop.patients.domain.MatchRules;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

class KnownTraitsTest {

    private final KnownTraits known = new KnownTraits(MatchRules.shipped());

    @Test
    void sameVersionTellsEachReaderWhatIsShownToThem() {
        // Given
        Patient whole = new Patient().addName(new HumanName().setFamily("Moss"));
        Patient shown = new Patient();
        // When / Then
        assertThat(known.of(stored(whole)).traits().families()).containsExactly("moss");
        assertThat(known.of(stored(shown)).traits().families()).isEmpty();
        assertThat(known.of(stored(whole)).traits().families()).containsExactly("moss");
    }

    @Test
    void tellsWhoWasReplaced() {
        // Given
        Patient replaced = new Patient();
        replaced.addLink()
                .setType(LinkType.REPLACEDBY)
                .setOther(new Reference("Patient/b"))
                .addExtension(Compartment.MERGED, new InstantType("2026-01-01T00:00:00Z"));
        // When / Then
        assertThat(known.of(stored(replaced)).replaced()).isTrue();
        assertThat(known.of(stored(new Patient())).replaced()).isFalse();
    }

    private static StoredResource stored(Patient patient) {
        return new StoredResource(
                ResourceKey.of("Patient", "a"),
                1,
                Instant.EPOCH,
                false,
                Buffer.buffer(FhirJson.write(patient)),
                1,
                Optional.empty(),
                Optional.empty());
    }
}
