package org.careloop.transitions.domain.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.document.KnownRecord.BASE;
import static org.careloop.transitions.domain.document.KnownRecord.NOW;
import static org.careloop.transitions.domain.document.KnownRecord.allergy;
import static org.careloop.transitions.domain.document.KnownRecord.condition;
import static org.careloop.transitions.domain.document.KnownRecord.id;
import static org.careloop.transitions.domain.document.KnownRecord.noKnownAllergy;
import static org.careloop.transitions.domain.document.KnownRecord.observation;
import static org.careloop.transitions.domain.document.KnownRecord.section;

import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.transitions.domain.document.TransitionDocument.Edition;
import org.careloop.transitions.domain.document.TransitionDocument.Known;
import org.careloop.transitions.domain.document.TransitionDocument.Made;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Medication;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

/**
 * @see <a href="https://hl7.org/fhir/R4/documents.html">FHIR documents</a>
 * @see <a href="https://hl7.org/fhir/R4/composition.html">Composition</a>
 */
class TransitionDocumentTest {

    private final KnownRecord ada = new KnownRecord();
    private final List<Resource> record = ada.resources();
    private final Encounter stay = ada.stay();

    @Test
    void hasAllSectionsAndSaysOfNoneThatThereIsNothing() {
        // When
        Made made = ada.made();
        // Then
        assertThat(made.composition().getSection()).hasSize(15).allSatisfy(section -> {
            assertThat(section.getCode().getCodingFirstRep().getSystem()).isEqualTo("http://loinc.org");
            assertThat(section.getTitle()).isNotBlank();
            assertThat(section.getText().getDivAsString()).contains("<div");
        });
        assertThat(made.composition().getSection().stream()
                        .map(section -> section.getCode().getCodingFirstRep().getCode()))
                .containsExactlyInAnyOrder(
                        "42348-3", "48765-2", "54511-1", "47420-5", "11369-6", "69730-0", "46264-8", "10160-0",
                        "18776-5", "11450-4", "47519-4", "42349-1", "30954-2", "29762-2", "8716-3");
        assertThat(made.composition().getSection().stream()
                        .filter(section -> !section.hasEntry())
                        .map(section ->
                                section.getEmptyReason().getCodingFirstRep().getCode()))
                .hasSize(14)
                .containsOnly("unavailable");
        assertThat(section(made, "48765-2").getText().getDivAsString())
                .contains("That does not mean that there is nothing");
        assertThat(section(made, "42349-1").getEntryFirstRep().getReference()).isEqualTo("Encounter/stay");
        assertThat(made.missing())
                .containsExactly(
                        "responsible-practitioner",
                        "procedures",
                        "diagnoses",
                        "medications",
                        "results",
                        "instructions");
    }

    @Test
    void whatItRefersToIsInItUnderAnAddressThatResolves() {
        // Given
        Medication medication = new Medication();
        medication.setId("m1");
        medication.getCode().setText("Metformin 500 mg");
        MedicationRequest request = new MedicationRequest();
        request.setId("mr1");
        request.setStatus(MedicationRequest.MedicationRequestStatus.ACTIVE)
                .setMedication(new Reference("Medication/m1"))
                .setSubject(new Reference("Patient/ada"));
        record.addAll(List.of(request, medication, condition("c1")));
        stay.addDiagnosis().setCondition(new Reference("Condition/c1"));
        // When
        Made made = ada.made();
        // Then
        Set<String> urls = new HashSet<>();
        for (BundleEntryComponent entry : made.bundle().getEntry()) {
            assertThat(urls.add(entry.getFullUrl())).isTrue();
            assertThat(entry.getFullUrl()).isEqualTo(BASE + "/" + TransitionDocument.referenceTo(entry.getResource()));
        }
        made.bundle()
                .getEntry()
                .forEach(entry -> References.of(entry.getResource())
                        .forEach(reference -> assertThat(urls).contains(BASE + "/" + reference)));
        assertThat(urls).contains(BASE + "/Medication/m1", BASE + "/Organization/riverside-clinic");
        assertThat(made.bundle().getEntryFirstRep().getResource().fhirType()).isEqualTo("Composition");
        assertThat(section(made, "10160-0").getText().getDivAsString()).contains("Metformin 500 mg");
    }

    @Test
    void theSixPartsAreFound() {
        // Given
        record.addAll(List.of(noKnownAllergy(), condition("c1")));
        stay.addDiagnosis()
                .setCondition(new Reference("Condition/c1"))
                .setUse(new CodeableConcept(
                        new Coding("http://terminology.hl7.org/CodeSystem/diagnosis-role", "DD", null)));
        stay.addParticipant()
                .setIndividual(new Reference("Practitioner/pr1").setDisplay("Dr. Attending"))
                .addType()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/v3-ParticipationType")
                .setCode("ATND");
        MedicationRequest request = new MedicationRequest();
        request.setId("mr1");
        request.setStatus(MedicationRequest.MedicationRequestStatus.ACTIVE)
                .setMedication(new CodeableConcept().setText("Metformin"));
        Procedure procedure = new Procedure();
        procedure.setId("p1");
        procedure.setEncounter(new Reference("Encounter/stay"));
        procedure.setStatus(Procedure.ProcedureStatus.COMPLETED).setCode(new CodeableConcept().setText("Knee"));
        Observation pending = observation("o1", "laboratory", "2026-03-06T10:00:00Z", "718-7");
        pending.setStatus(ObservationStatus.REGISTERED);
        DocumentReference instructions = new DocumentReference();
        instructions.setId("d1");
        instructions
                .setStatus(org.hl7.fhir.r4.model.Enumerations.DocumentReferenceStatus.CURRENT)
                .setType(new CodeableConcept(new Coding("http://loinc.org", "8653-8", "Hospital instructions")))
                .setDate(Date.from(Instant.parse("2026-03-07T15:00:00Z")));
        record.addAll(List.of(request, procedure, pending, instructions));
        // When
        Made made = ada.made();
        // Then
        assertThat(made.missing()).isEmpty();
        assertThat(section(made, "30954-2").getText().getDivAsString()).contains("(registered)");
        // When a part is taken away
        record.remove(instructions);
        // Then the document says so
        assertThat(ada.made().missing()).containsExactly("instructions");
        assertThat(ada.made().composition().getExtensionsByUrl(SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION))
                .extracting(part -> ((Coding) part.getValue()).getCode())
                .containsExactly("responsible-practitioner", "procedures", "diagnoses", "medications", "results");
    }

    @Test
    void filesThatAreTooLargeAreNamedAndLeftOut() {
        // Given
        DocumentReference small = instructions("small", 1 << 20);
        DocumentReference large = instructions("large", 5 << 20);
        record.addAll(List.of(small, large));
        // When
        Made made = ada.made();
        // Then
        assertThat(file(made, "DocumentReference/small").getData()).hasSize(1 << 20);
        assertThat(file(made, "DocumentReference/large").hasData()).isFalse();
        assertThat(file(made, "DocumentReference/large").getTitle()).contains("too large for this document");
        assertThat(large.getContentFirstRep().getAttachment().hasData()).isTrue();
    }

    private static org.hl7.fhir.r4.model.Attachment file(Made made, String reference) {
        return made.bundle().getEntry().stream()
                .map(BundleEntryComponent::getResource)
                .filter(resource -> TransitionDocument.referenceTo(resource).equals(reference))
                .map(resource ->
                        ((DocumentReference) resource).getContentFirstRep().getAttachment())
                .findFirst()
                .orElseThrow();
    }

    private static DocumentReference instructions(String id, int size) {
        DocumentReference instructions = new DocumentReference();
        instructions.setId(id);
        instructions
                .setStatus(org.hl7.fhir.r4.model.Enumerations.DocumentReferenceStatus.CURRENT)
                .setType(new CodeableConcept(new Coding("http://loinc.org", "8653-8", "Hospital instructions")))
                .setDate(Date.from(Instant.parse("2026-03-07T15:00:00Z")));
        instructions
                .addContent()
                .getAttachment()
                .setContentType("application/pdf")
                .setData(new byte[size]);
        return instructions;
    }

    @Test
    void aLaterEditionReplacesTheFormerAndTheSameSaysTheSame() {
        // Given
        record.add(allergy("a1"));
        Known known = ada.known();
        TransitionDocument document = new TransitionDocument(DocumentRules.shipped(), BASE);
        Made first = document.of(known, new Edition(1, Optional.empty(), NOW));
        // When
        Made second = document.of(known, new Edition(2, Optional.of(id(first)), NOW.plusSeconds(60)));
        // Then
        assertThat(id(second)).isNotEqualTo(id(first));
        assertThat(second.composition()
                        .getRelatesToFirstRep()
                        .getTargetReference()
                        .getReference())
                .isEqualTo("Composition/" + id(first));
        assertThat(second.print()).isEqualTo(first.print());
        assertThat(second.bundle().getIdentifier().getValue()).isEqualTo("stay/2");
        // When something is added
        record.add(allergy("a2"));
        // Then
        assertThat(ada.made().print()).isNotEqualTo(first.print());
        assertThat(TransitionDocument.withdrawn(first.bundle())
                        .getEntryFirstRep()
                        .getResource())
                .isInstanceOfSatisfying(
                        org.hl7.fhir.r4.model.Composition.class,
                        withdrawn -> assertThat(withdrawn.getStatus().toCode()).isEqualTo("entered-in-error"));
    }
}
