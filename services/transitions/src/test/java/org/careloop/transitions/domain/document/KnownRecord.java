package org.careloop.transitions.domain.document;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.document.TransitionDocument.Edition;
import org.careloop.transitions.domain.document.TransitionDocument.Known;
import org.careloop.transitions.domain.document.TransitionDocument.Made;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** A record that documents are made from in tests: of a patient, their stay from 3 to 7 March 2026, and what is added. */
final class KnownRecord {

    static final String BASE = "https://care.example.org/fhir";
    static final Instant NOW = Instant.parse("2026-03-07T21:00:00Z");

    private final List<Resource> resources = new ArrayList<>();
    private final Encounter stay = freshStay();

    /** What is known besides the patient and the stay; to be added to. */
    List<Resource> resources() {
        return resources;
    }

    Encounter stay() {
        return stay;
    }

    /** The first edition of the document of it. */
    Made made() {
        return new TransitionDocument(DocumentRules.shipped(), BASE).of(known(), new Edition(1, Optional.empty(), NOW));
    }

    Known known() {
        return known(stay);
    }

    /** As {@link #known()}, after another stay. */
    Known known(Encounter stay) {
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
                List.copyOf(resources));
    }

    private static Encounter freshStay() {
        Encounter stay = new Encounter();
        stay.setId("stay");
        stay.setStatus(EncounterStatus.FINISHED)
                .setClass_(new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMP", null))
                .setSubject(new Reference("Patient/ada"));
        return stay;
    }

    static AllergyIntolerance allergy(String id) {
        AllergyIntolerance allergy = new AllergyIntolerance();
        allergy.setId(id);
        allergy.getCode().setText("Penicillin");
        allergy.setPatient(new Reference("Patient/ada"));
        allergy.getClinicalStatus().addCoding().setCode("active");
        return allergy;
    }

    static AllergyIntolerance noKnownAllergy() {
        AllergyIntolerance none = allergy("none");
        none.setCode(new CodeableConcept(new Coding("http://snomed.info/sct", "716186003", "No known allergy")));
        return none;
    }

    static Condition condition(String id) {
        Condition condition = new Condition();
        condition.setId(id);
        condition.setSubject(new Reference("Patient/ada")).getCode().setText("Condition of " + id);
        return condition;
    }

    static Observation observation(String id, String category, String at, String code) {
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

    static SectionComponent section(Made made, String code) {
        return made.composition().getSection().stream()
                .filter(section ->
                        section.getCode().getCodingFirstRep().getCode().equals(code))
                .findFirst()
                .orElseThrow();
    }

    static List<String> references(Made made) {
        return made.composition().getSection().stream()
                .flatMap(section -> section.getEntry().stream())
                .map(Reference::getReference)
                .toList();
    }

    static String id(Made made) {
        return made.composition().getIdElement().getIdPart();
    }

    static String json(Made made) {
        return new String(FhirJson.write(made.bundle()), StandardCharsets.UTF_8);
    }
}
