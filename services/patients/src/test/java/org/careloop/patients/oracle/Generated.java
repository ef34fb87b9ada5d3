package org.careloop.patients.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Enumerations;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;
import org.hl7.fhir.r4.model.UsageContext;

/** Resources with random values, that refer to each other. */
final class Generated extends RandomValues {

    private final String mark;
    private final List<DomainResource> all = new ArrayList<>();

    Generated(Random random, String mark) {
        super(random);
        this.mark = mark;
    }

    List<DomainResource> make(int rounds) {
        for (int i = 0; i < rounds; i++) {
            for (Supplier<DomainResource> one : List.<Supplier<DomainResource>>of(
                    this::patient,
                    this::patient,
                    this::relatedPerson,
                    this::group,
                    this::observation,
                    this::observation,
                    this::observation,
                    this::condition,
                    this::allergy,
                    this::medicationRequest,
                    this::procedure,
                    this::document,
                    this::questionnaire,
                    this::report)) {
                DomainResource made = one.get();
                made.setId(made.fhirType().toLowerCase(java.util.Locale.ROOT) + "-" + all.size() + "-" + mark);
                all.add(made);
            }
        }
        return all;
    }

    /** Returns another resource of the same type and id. */
    DomainResource again(DomainResource one) {
        DomainResource other;
        do {
            other = new Generated(random, mark).with(all).make(1, one.fhirType());
        } while (other == null);
        other.setId(one.getIdElement().getIdPart());
        return other;
    }

    private Generated with(List<DomainResource> others) {
        all.addAll(others);
        return this;
    }

    private DomainResource make(int rounds, String type) {
        int before = all.size();
        make(rounds);
        return all.subList(before, all.size()).stream()
                .filter(each -> each.fhirType().equals(type))
                .findFirst()
                .orElse(null);
    }

    private <T extends DomainResource> T start(T resource) {
        resource.getMeta().addTag().setSystem("urn:oracle").setCode(mark);
        sometimes(() -> resource.getMeta().addProfile(one(URIS)));
        sometimes(() -> resource.getMeta().setSource(one(URIS)));
        return resource;
    }

    private DomainResource patient() {
        Patient patient = start(new Patient());
        several(2, () -> patient.addIdentifier(identifier()));
        several(2, () -> patient.addName(name()));
        sometimes(() -> patient.setGender(one(List.of(
                Enumerations.AdministrativeGender.MALE,
                Enumerations.AdministrativeGender.FEMALE,
                Enumerations.AdministrativeGender.UNKNOWN))));
        sometimes(() -> patient.setBirthDateElement(new DateType(one(DATES.subList(0, 6)))));
        sometimes(() -> patient.setActive(random.nextBoolean()));
        sometimes(() -> patient.addAddress().setCity(one(TEXTS)).addLine(one(TEXTS)));
        several(
                2,
                () -> patient.addTelecom()
                        .setSystem(
                                random.nextBoolean()
                                        ? ContactPoint.ContactPointSystem.EMAIL
                                        : ContactPoint.ContactPointSystem.PHONE)
                        .setValue(one(CODES)));
        sometimes(() -> patient.setManagingOrganization(new Reference("Organization/o" + random.nextInt(3))));
        sometimes(() -> patient.addCommunication().setLanguage(concept()));
        sometimes(() -> patient.setDeceased(random.nextBoolean() ? dateTime() : new BooleanType(random.nextBoolean())));
        return patient;
    }

    private DomainResource relatedPerson() {
        RelatedPerson person = start(new RelatedPerson());
        person.setPatient(subject("Patient"));
        several(2, () -> person.addName(name()));
        sometimes(() -> person.setBirthDateElement(new DateType(one(DATES.subList(0, 6)))));
        return person;
    }

    private DomainResource group() {
        Group group = start(new Group());
        group.setType(Group.GroupType.PERSON).setActual(random.nextBoolean());
        several(2, () -> group.addIdentifier(identifier()));
        several(
                2,
                () -> group.addCharacteristic()
                        .setCode(concept())
                        .setValue(random.nextBoolean() ? concept() : new BooleanType(random.nextBoolean()))
                        .setExclude(false));
        if (group.getActual()) {
            several(2, () -> group.addMember().setEntity(subject("Patient")));
        }
        return group;
    }

    private DomainResource observation() {
        Observation observation = start(new Observation());
        observation
                .setStatus(one(List.of(
                        Observation.ObservationStatus.FINAL,
                        Observation.ObservationStatus.AMENDED,
                        Observation.ObservationStatus.PRELIMINARY)))
                .setCode(concept());
        several(2, () -> observation.addCategory(concept()));
        several(2, () -> observation.addIdentifier(identifier()));
        sometimes(() -> observation.setSubject(subject("Patient", "Group")));
        sometimes(() -> observation.setEffective(when(true)));
        sometimes(() -> observation.setValue(value()));
        several(
                2,
                () -> observation
                        .addComponent()
                        .setCode(concept())
                        .setValue(random.nextBoolean() ? quantity(new Quantity()) : concept()));
        return observation;
    }

    private DomainResource condition() {
        Condition condition = start(new Condition());
        condition.setSubject(subject("Patient", "Group"));
        sometimes(() -> condition.setCode(concept()));
        sometimes(() -> condition.setOnset(random.nextBoolean() ? when(false) : age()));
        sometimes(() -> condition.setRecordedDateElement(dateTime()));
        return condition;
    }

    private DomainResource allergy() {
        AllergyIntolerance allergy = start(new AllergyIntolerance());
        allergy.setPatient(subject("Patient"));
        allergy.getClinicalStatus()
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical")
                .setCode("active");
        sometimes(() -> allergy.setCode(concept()));
        several(2, () -> allergy.addReaction().setSubstance(concept()).addManifestation(concept()));
        sometimes(() -> allergy.setRecordedDateElement(dateTime()));
        return allergy;
    }

    private DomainResource medicationRequest() {
        MedicationRequest request = start(new MedicationRequest());
        request.setStatus(MedicationRequest.MedicationRequestStatus.ACTIVE)
                .setIntent(MedicationRequest.MedicationRequestIntent.ORDER)
                .setMedication(concept())
                .setSubject(subject("Patient"));
        sometimes(() -> request.setAuthoredOnElement(dateTime()));
        several(2, () -> request.addDosageInstruction().setTiming(timing()));
        return request;
    }

    private DomainResource procedure() {
        Procedure procedure = start(new Procedure());
        procedure.setStatus(Procedure.ProcedureStatus.COMPLETED).setSubject(subject("Patient", "Group"));
        sometimes(() -> procedure.setCode(concept()));
        sometimes(() -> procedure.setPerformed(when(false)));
        return procedure;
    }

    private DomainResource document() {
        DocumentReference document = start(new DocumentReference());
        document.setStatus(Enumerations.DocumentReferenceStatus.CURRENT)
                .addContent()
                .getAttachment()
                .setContentType("text/plain")
                .setTitle("t");
        sometimes(() -> document.setSubject(subject("Patient")));
        sometimes(() -> document.setDateElement(new InstantType(one(DATES.subList(6, DATES.size())))));
        several(
                2,
                () -> document.addRelatesTo()
                        .setCode(one(List.of(
                                DocumentReference.DocumentRelationshipType.REPLACES,
                                DocumentReference.DocumentRelationshipType.SIGNS)))
                        .setTarget(new Reference("DocumentReference/d" + random.nextInt(2))));
        return document;
    }

    private DomainResource questionnaire() {
        Questionnaire questionnaire = start(new Questionnaire());
        questionnaire.setStatus(Enumerations.PublicationStatus.DRAFT);
        sometimes(() -> questionnaire.setUrl(one(URIS)));
        sometimes(() -> questionnaire.setTitle(one(TEXTS)));
        several(
                2,
                () -> questionnaire.addUseContext(new UsageContext()
                        .setCode(coding())
                        .setValue(
                                random.nextBoolean()
                                        ? concept()
                                        : random.nextBoolean() ? quantity(new Quantity()) : range())));
        return questionnaire;
    }

    private DomainResource report() {
        DiagnosticReport report = start(new DiagnosticReport());
        report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL).setCode(concept());
        several(2, () -> report.addResult(subject("Observation")));
        sometimes(() -> report.setSubject(subject("Patient")));
        return report;
    }

    /** A resource made before, or one elsewhere. */
    private Reference subject(String... types) {
        List<DomainResource> known = all.stream()
                .filter(each -> List.of(types).contains(each.fhirType()))
                .toList();
        if (known.isEmpty()) {
            return new Reference(types[0] + "/nowhere");
        }
        DomainResource target = one(known);
        String relative = target.fhirType() + "/" + target.getIdElement().getIdPart();
        return new Reference(random.nextInt(5) == 0 ? "http://localhost:8080/fhir/" + relative : relative);
    }
}
