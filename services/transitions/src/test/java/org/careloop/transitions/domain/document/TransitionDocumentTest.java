package org.careloop.transitions.domain.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.document.TransitionDocument.Edition;
import org.careloop.transitions.domain.document.TransitionDocument.Known;
import org.careloop.transitions.domain.document.TransitionDocument.Made;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Medication;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

/**
 * @see <a href="https://hl7.org/fhir/R4/documents.html">FHIR documents</a>
 * @see <a href="https://hl7.org/fhir/R4/composition.html">Composition</a>
 */
class TransitionDocumentTest {

    private static final String BASE = "https://care.example.org/fhir";
    private static final Instant NOW = Instant.parse("2026-03-07T21:00:00Z");
    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    private final List<Resource> record = new ArrayList<>();
    private final Encounter stay = stay();

    @Test
    void hasAllSectionsAndSaysOfNoneThatThereIsNothing() {
        // When
        Made made = made();
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
    void saysThatThereIsNothingWhereTheRecordSaysSo() {
        // Given
        record.add(noKnownAllergy());
        // When
        Made made = made();
        // Then
        SectionComponent allergies = section(made, "48765-2");
        assertThat(allergies.getEmptyReason().getCodingFirstRep().getCode()).isEqualTo("nilknown");
        assertThat(allergies.getText().getDivAsString()).contains("None known: No known allergy");
        assertThat(references(made)).doesNotContain("AllergyIntolerance/none");
    }

    @Test
    void aStatementOfNothingIsNotTakenUpBesideSomething() {
        // Given
        record.add(noKnownAllergy());
        record.add(allergy("a1"));
        // When
        Made made = made();
        // Then
        assertThat(section(made, "48765-2").hasEmptyReason()).isFalse();
        assertThat(section(made, "48765-2").getEntry())
                .singleElement()
                .satisfies(entry -> assertThat(entry.getReference()).isEqualTo("AllergyIntolerance/a1"));
        // When the other is withheld
        record.removeLast();
        AllergyIntolerance restricted = allergy("a2");
        restricted.getMeta().addSecurity(CONFIDENTIALITY, "R", null);
        record.add(restricted);
        // Then
        assertThat(section(made(), "48765-2")
                        .getEmptyReason()
                        .getCodingFirstRep()
                        .getCode())
                .isEqualTo("unavailable");
    }

    @Test
    void whatIsRestrictedSensitiveOrAnErrorStaysOut() {
        // Given
        AllergyIntolerance restricted = allergy("restricted");
        restricted.getMeta().addSecurity(CONFIDENTIALITY, "V", null);
        Condition sensitive = condition("sensitive");
        sensitive.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY", null);
        Procedure error = new Procedure();
        error.setId("error");
        error.setStatus(Procedure.ProcedureStatus.ENTEREDINERROR);
        Condition refuted = condition("refuted");
        refuted.getVerificationStatus().addCoding().setCode("entered-in-error");
        record.addAll(List.of(restricted, sensitive, error, refuted));
        stay.addDiagnosis().setCondition(new Reference("Condition/sensitive"));
        stay.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY", null);
        stay.addReasonCode().setText("secret reason");
        // When
        Made made = made();
        // Then
        String json = json(made);
        assertThat(json)
                .doesNotContain("restricted\"", "sensitive", "refuted", "secret reason", "Procedure/error")
                .contains("SUBSETTED");
        // And who reads it cannot tell
        record.clear();
        stay.getMeta().getSecurity().clear();
        stay.setReasonCode(null).setDiagnosis(null);
        assertThat(made().composition().getText().getDivAsString())
                .isEqualTo(made.composition().getText().getDivAsString());
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
        Made made = made();
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
    void whatOthersWroteIsEscaped() {
        // Given
        AllergyIntolerance allergy = allergy("a1");
        allergy.getCode().setText("<script>alert(\"x\")</script> & \u0001more");
        record.add(allergy);
        // When
        String text = section(made(), "48765-2").getText().getDivAsString();
        // Then
        assertThat(text).doesNotContain("<script>").contains("&lt;script&gt;", "&amp; more");
        assertThat(FhirJson.parse(json(made()).getBytes(StandardCharsets.UTF_8)).fhirType())
                .isEqualTo("Bundle");
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
        Made made = made();
        // Then
        assertThat(made.missing()).isEmpty();
        assertThat(section(made, "30954-2").getText().getDivAsString()).contains("(registered)");
        // When a part is taken away
        record.remove(instructions);
        // Then the document says so
        assertThat(made().missing()).containsExactly("instructions");
        assertThat(made().composition().getExtensionsByUrl(SharedTerms.DISCHARGE_INFORMATION_PART_EXTENSION))
                .extracting(part -> ((Coding) part.getValue()).getCode())
                .containsExactly("responsible-practitioner", "procedures", "diagnoses", "medications", "results");
    }

    @Test
    void ofVitalSignsTheNewestOfEachKindAndOfResultsThoseOfTheStay() {
        // Given
        record.add(observation("old", "vital-signs", "2026-03-04T10:00:00Z", "8867-4"));
        record.add(observation("new", "vital-signs", "2026-03-07T10:00:00Z", "8867-4"));
        record.add(observation("before", "laboratory", "2025-10-04T10:00:00Z", "718-7"));
        record.add(observation("within", "laboratory", "2026-03-04T10:00:00Z", "718-7"));
        Observation uncategorized = observation("uncategorized", "", "2026-03-05T10:00:00Z", "6301-6");
        uncategorized.setCategory(List.of());
        record.add(uncategorized);
        record.add(observation("survey", "survey", "2026-03-05T10:00:00Z", "44261-6"));
        // When
        Made made = made();
        // Then
        assertThat(section(made, "30954-2").getEntry())
                .extracting(Reference::getReference)
                .contains("Observation/within", "Observation/uncategorized")
                .doesNotContain("Observation/survey");
        assertThat(references(made))
                .contains("Observation/new", "Observation/within")
                .doesNotContain("Observation/old", "Observation/before");
    }

    @Test
    void nothingIsCutOffSilently() {
        // Given
        for (int i = 0; i < 103; i++) {
            record.add(allergy("a" + i));
        }
        // When
        SectionComponent allergies = section(made(), "48765-2");
        // Then
        assertThat(allergies.getEntry()).hasSize(100);
        assertThat(allergies.getText().getDivAsString()).contains("holds 3 more");
    }

    @Test
    void whatAStayContainsComesWithItButForItsReasonsWhereTheyAreSensitive() {
        // Given
        Encounter parsed = FhirJson.parse(Encounter.class, """
                {"resourceType":"Encounter","id":"stay","status":"finished","class":{"code":"IMP"},
                 "contained":[{"resourceType":"Practitioner","id":"who","name":[{"family":"Chen"}]},
                  {"resourceType":"Condition","id":"why","code":{"text":"secret"},"subject":{"reference":"Patient/ada"}}],
                 "subject":{"reference":"Patient/ada"},"participant":[{"individual":{"reference":"#who"}}],
                 "reasonReference":[{"reference":"#why"}]}""".getBytes(StandardCharsets.UTF_8));
        TransitionDocument document = new TransitionDocument(DocumentRules.standard(), BASE);
        // When
        String open = json(document.of(known(parsed), new Edition(1, Optional.empty(), NOW)));
        parsed.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY", null);
        String shut = json(document.of(known(parsed), new Edition(1, Optional.empty(), NOW)));
        // Then
        assertThat(open).contains("\"family\":\"Chen\"", "#who", "secret");
        assertThat(shut).contains("\"family\":\"Chen\"", "#who").doesNotContain("secret", "#why");
    }

    @Test
    void filesThatAreTooLargeAreNamedAndLeftOut() {
        // Given
        DocumentReference small = instructions("small", 1 << 20);
        DocumentReference large = instructions("large", 5 << 20);
        record.addAll(List.of(small, large));
        // When
        Made made = made();
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
        Known known = known();
        TransitionDocument document = new TransitionDocument(DocumentRules.standard(), BASE);
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
        assertThat(made().print()).isNotEqualTo(first.print());
        assertThat(TransitionDocument.withdrawn(first.bundle())
                        .getEntryFirstRep()
                        .getResource())
                .isInstanceOfSatisfying(
                        org.hl7.fhir.r4.model.Composition.class,
                        withdrawn -> assertThat(withdrawn.getStatus().toCode()).isEqualTo("entered-in-error"));
    }

    @Test
    void aConsentThatDeniesSomethingKeepsItFromBeingSentUnasked() {
        // Given
        Consent consent = (Consent) FhirJson.parse("""
                {"resourceType":"Consent","id":"c","status":"active",
                 "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                 "category":[{"coding":[{"code":"59284-0","system":"http://loinc.org"}]}],
                 "patient":{"reference":"Patient/ada"},
                 "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]},
                 "provision":{"type":"deny","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}],
                  "actor":[{"role":{"text":"agency"},"reference":{"reference":"Organization/safe-rides"}}]}}""".getBytes(StandardCharsets.UTF_8));
        // Then
        assertThat(Disclosure.limits(List.of(consent)).stream().map(Coding::getCode))
                .contains("safe-rides");
        assertThat(Disclosure.limits(List.of())).isEmpty();
    }

    private Made made() {
        return new TransitionDocument(DocumentRules.standard(), BASE)
                .of(known(), new Edition(1, Optional.empty(), NOW));
    }

    private Known known() {
        return known(stay);
    }

    private Known known(Encounter stay) {
        Patient patient = new Patient();
        patient.setId("ada");
        patient.addName().setFamily("Lovelace");
        return new Known(
                patient,
                new DischargedStay(
                        stay,
                        "riverside-clinic",
                        Optional.of(Instant.parse("2026-03-03T13:15:00Z")),
                        Instant.parse("2026-03-07T20:00:00Z"),
                        ZoneId.of("America/New_York")),
                List.copyOf(record));
    }

    private static Encounter stay() {
        Encounter stay = new Encounter();
        stay.setId("stay");
        stay.setStatus(EncounterStatus.FINISHED)
                .setClass_(new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMP", null))
                .setSubject(new Reference("Patient/ada"));
        return stay;
    }

    private static AllergyIntolerance allergy(String id) {
        AllergyIntolerance allergy = new AllergyIntolerance();
        allergy.setId(id);
        allergy.getCode().setText("Penicillin");
        allergy.setPatient(new Reference("Patient/ada"));
        allergy.getClinicalStatus().addCoding().setCode("active");
        return allergy;
    }

    private static AllergyIntolerance noKnownAllergy() {
        AllergyIntolerance none = allergy("none");
        none.setCode(new CodeableConcept(new Coding("http://snomed.info/sct", "716186003", "No known allergy")));
        return none;
    }

    private static Condition condition(String id) {
        Condition condition = new Condition();
        condition.setId(id);
        condition.setSubject(new Reference("Patient/ada")).getCode().setText("Condition of " + id);
        return condition;
    }

    private static Observation observation(String id, String category, String at, String code) {
        Observation observation = new Observation();
        observation.setId(id);
        observation
                .setStatus(ObservationStatus.FINAL)
                .setCode(new CodeableConcept(new Coding("http://loinc.org", code, null)))
                .setValue(new Quantity(7))
                .setEffective(new DateTimeType(at));
        observation.addCategory().addCoding().setCode(category);
        observation.addNote().setTextElement(new org.hl7.fhir.r4.model.MarkdownType("x"));
        return observation;
    }

    private static SectionComponent section(Made made, String code) {
        return made.composition().getSection().stream()
                .filter(section ->
                        section.getCode().getCodingFirstRep().getCode().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> references(Made made) {
        return made.composition().getSection().stream()
                .flatMap(section -> section.getEntry().stream())
                .map(Reference::getReference)
                .toList();
    }

    private static String id(Made made) {
        return made.composition().getIdElement().getIdPart();
    }

    private static String json(Made made) {
        return new String(FhirJson.write(made.bundle()), StandardCharsets.UTF_8);
    }
}
