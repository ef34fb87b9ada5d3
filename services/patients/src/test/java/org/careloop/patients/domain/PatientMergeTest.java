package org.careloop.patients.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Identifier.IdentifierUse;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** What becomes of two Patients that are one person, and back. */
class PatientMergeTest {

    private static final Instant AT = Instant.parse("2026-11-28T10:00:00Z");

    private final Patient source = patient("source", "urn:a", "1").setActive(true);
    private final Patient target = patient("target", "urn:b", "2");

    @Test
    void theTargetGetsWhatItLacksAndNothingTwice() {
        // Given
        source.addIdentifier().setSystem("urn:b").setValue("2");
        // When
        Patient survivor = PatientMerge.survivor(source, target, AT);
        // Then
        assertThat(survivor.getIdentifier()).extracting(Identifier::getSystem).containsExactly("urn:b", "urn:a");
        assertThat(survivor.getIdentifier().getLast().getUse()).isEqualTo(IdentifierUse.OLD);
        assertThat(target.getIdentifier()).hasSize(1);
    }

    @Test
    void oneThatIsMergedAndRestoredIsWhatItWas() {
        // Given
        Patient replaced = PatientMerge.replaced(source, "target", AT);
        Patient survivor = PatientMerge.survivor(source, target, AT);
        assertThat(PatientMerge.survivorOf(replaced)).contains("target");
        assertThat(replaced.hasIdentifier()).isFalse();
        // When, Then
        assertThat(PatientMerge.restored(replaced, source).equalsDeep(source)).isTrue();
        assertThat(PatientMerge.without(survivor, "source", PatientMerge.handedOver(source, target))
                        .equalsDeep(target))
                .isTrue();
    }

    @Test
    void whatWasSaidSinceStays() {
        // Given
        Patient replaced = PatientMerge.replaced(source, "target", AT).setGender(AdministrativeGender.FEMALE);
        Patient survivor = PatientMerge.survivor(source, target, AT);
        survivor.addIdentifier().setSystem("urn:c").setValue("3");
        survivor.getIdentifier().get(1).setUse(IdentifierUse.USUAL);
        // When
        Patient restored = PatientMerge.restored(replaced, source);
        Patient without = PatientMerge.without(survivor, "source", PatientMerge.handedOver(source, target));
        // Then
        assertThat(restored.getGender()).isEqualTo(AdministrativeGender.FEMALE);
        assertThat(without.getIdentifier()).extracting(Identifier::getSystem).containsExactly("urn:b", "urn:c");
    }

    @Test
    void linksOfOthersTellNothingAndStay() {
        // Given
        source.addLink().setType(LinkType.REPLACEDBY).setOther(new Reference("Patient/elsewhere"));
        // Then
        assertThat(PatientMerge.survivorOf(source)).isEmpty();
        Patient replaced = PatientMerge.replaced(source, "target", AT);
        assertThat(PatientMerge.survivorOf(replaced)).contains("target");
        assertThat(PatientMerge.survivorOf(PatientMerge.standingFor(replaced, "third")))
                .contains("third");
        assertThat(PatientMerge.restored(replaced, source).getLink()).hasSize(1);
        assertThat(PatientMerge.merged(replaced)).hasSize(1);
        assertThat(PatientMerge.handedOver(source, source)).isEqualTo(List.of());
    }

    private static Patient patient(String id, String system, String value) {
        Patient patient = new Patient();
        patient.setId(id);
        patient.addIdentifier().setSystem(system).setValue(value);
        return patient;
    }
}
