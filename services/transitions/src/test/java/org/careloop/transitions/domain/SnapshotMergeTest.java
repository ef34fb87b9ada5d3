package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.careloop.transitions.domain.SnapshotMerge.Details;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Patient;
import org.junit.jupiter.api.Test;

class SnapshotMergeTest {

    @Test
    void replacesWhatIsPresentAndLeavesWhatIsAbsent() {
        // Given
        Patient stored = stored();
        Patient told = new Patient();
        told.addName().setFamily("Rivera-Lopez");
        // When
        Patient merged = SnapshotMerge.merge(stored, told, Set.of(), Details.REPLACE);
        // Then
        assertThat(merged.getName())
                .singleElement()
                .satisfies(name -> assertThat(name.getFamily()).isEqualTo("Rivera-Lopez"));
        assertThat(merged.getTelecomFirstRep().getValue()).isEqualTo("(413) 5550142");
        assertThat(merged.getDeceasedBooleanType().booleanValue()).isFalse();
        assertThat(merged.getIdPart()).isEqualTo("rosa");
        assertThat(merged.getMeta().getVersionId()).isEqualTo("3");
    }

    @Test
    void removesWhatTheSenderCleared() {
        // When
        Patient merged = SnapshotMerge.merge(
                stored(), new Patient(), Set.of("Patient.telecom", "Patient.deceased"), Details.REPLACE);
        // Then
        assertThat(merged.hasTelecom()).isFalse();
        assertThat(merged.hasDeceased()).isFalse();
        assertThat(merged.hasName()).isTrue();
    }

    @Test
    void fillsOnlyWhatIsAbsentFromALateMessage() {
        // Given
        Patient told = new Patient();
        told.addName().setFamily("Old");
        told.addAddress().setCity("Springfield");
        // When
        Patient merged = SnapshotMerge.merge(stored(), told, Set.of("Patient.telecom"), Details.FILL_ABSENT);
        // Then
        assertThat(merged.getNameFirstRep().getFamily()).isEqualTo("Rivera");
        assertThat(merged.getName()).hasSize(1);
        assertThat(merged.getAddressFirstRep().getCity()).isEqualTo("Springfield");
        assertThat(merged.hasTelecom()).isTrue();
    }

    @Test
    void keepsTheIdentifiersOfOtherAssigners() {
        // Given
        Patient told = new Patient();
        told.addIdentifier().setSystem("urn:b").setValue("2");
        told.addIdentifier().setSystem("urn:a").setValue("1");
        // When
        Patient merged = SnapshotMerge.merge(stored(), told, Set.of(), Details.REPLACE);
        Patient again = SnapshotMerge.merge(merged, stored(), Set.of(), Details.REPLACE);
        // Then
        assertThat(merged.getIdentifier()).extracting(each -> each.getValue()).containsExactly("2", "1");
        assertThat(again.getIdentifier()).extracting(each -> each.getValue()).containsExactly("1", "2");
    }

    @Test
    void mergesNestedElementsPartByPart() {
        // Given
        Encounter admitted = new Encounter();
        admitted.getPeriod().setStartElement(new DateTimeType("2026-11-12"));
        Encounter discharged = new Encounter();
        discharged.getPeriod().setEndElement(new DateTimeType("2026-11-18"));
        // When
        Encounter merged = SnapshotMerge.merge(admitted, discharged, Set.of(), Details.REPLACE);
        // Then
        assertThat(merged.getPeriod().getStartElement().getValueAsString()).isEqualTo("2026-11-12");
        assertThat(merged.getPeriod().getEndElement().getValueAsString()).isEqualTo("2026-11-18");
        assertThat(admitted.getPeriod().hasEnd()).isFalse();
        assertThat(discharged.getPeriod().hasStart()).isFalse();
    }

    @Test
    void keepsAKnownGenderWhenTheMessageDoesNotKnowIt() {
        // Given
        Patient stored = stored().setGender(AdministrativeGender.FEMALE);
        Patient told = new Patient().setGender(AdministrativeGender.UNKNOWN);
        // When
        Patient merged = SnapshotMerge.merge(stored, told, Set.of(), Details.REPLACE);
        // Then
        assertThat(merged.getGender()).isEqualTo(AdministrativeGender.FEMALE);
    }

    @Test
    void keepsSecurityLabels() {
        // Given
        Encounter stored = new Encounter();
        Encounter told = new Encounter();
        told.getMeta().addSecurity(new Coding("urn:labels", "R", null));
        // When
        Encounter labelled = SnapshotMerge.merge(stored, told, Set.of(), Details.REPLACE);
        Encounter later = SnapshotMerge.merge(labelled, stored, Set.of(), Details.REPLACE);
        // Then
        assertThat(labelled.getMeta().getSecurityFirstRep().getCode()).isEqualTo("R");
        assertThat(later.getMeta().getSecurity()).hasSize(1);
    }

    private static Patient stored() {
        Patient patient = new Patient();
        patient.setId("rosa");
        patient.getMeta().setVersionId("3");
        patient.addIdentifier().setSystem("urn:a").setValue("1");
        patient.addName().setFamily("Rivera");
        patient.addTelecom().setValue("(413) 5550142");
        patient.setDeceased(new BooleanType(false));
        return patient;
    }
}
