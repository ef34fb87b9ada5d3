package org.careloop.transitions.hl7;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.TriggerEvent;
import org.careloop.transitions.hl7.SenderProfile.AdmissionType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Duration;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterLocationStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Identifier.IdentifierUse;
import org.hl7.fhir.r4.model.Reference;

/** PV1 and PV2 to an Encounter. */
final class VisitMapping {

    private static final String PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    private static final String PRIORITY = "http://terminology.hl7.org/CodeSystem/v3-ActPriority";
    private static final String DISPOSITION = "http://terminology.hl7.org/CodeSystem/discharge-disposition";
    private static final String V2_TABLE = "http://terminology.hl7.org/CodeSystem/v2-";
    private static final String PREADMISSION = "P";
    private static final String MODE_OF_ARRIVAL = "http://hl7.org/fhir/StructureDefinition/encounter-modeOfArrival";
    private static final String PLANNED_START =
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedStartDate";
    private static final String PLANNED_END =
            "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate";

    private final Hl7Message message;
    private final SenderProfile profile;

    VisitMapping(Hl7Message message, SenderProfile profile) {
        this.message = message;
        this.profile = profile;
    }

    static Optional<Coding> patientClass(SenderProfile profile, String code) {
        return CodeTables.coding(profile, "encounter-class", code)
                .or(() -> CodeTables.coding(profile, "encounter-class-v2", code));
    }

    Encounter encounter(Hl7Segment pv1) {
        Encounter encounter = new Encounter();
        Identifier number = VisitNumber.of(message, profile).orElseThrow();
        encounter.setId(FhirId.derivedFrom("Encounter", number.getSystem(), number.getValue())
                .value());
        encounter.addIdentifier(number);
        IdentifierMapping.identifier(profile, profile.visitNumbers(), pv1.field(50))
                .filter(alternate -> !alternate.getValue().equals(number.getValue()))
                .ifPresent(alternate -> encounter.addIdentifier(alternate.setUse(IdentifierUse.SECONDARY)));
        IdentifierMapping.identifier(profile, profile.visitNumbers(), pv1.field(5))
                .ifPresent(before -> encounter.getHospitalization().setPreAdmissionIdentifier(before));
        encounter.setClass_(patientClass(profile, pv1.text(2)).orElseThrow());
        encounter.setServiceProvider(new Reference("Organization/" + profile.organization()));
        addType(encounter, pv1.text(4));
        coding("0069", pv1.text(10)).ifPresent(encounter::setServiceType);
        addParticipants(encounter, pv1);
        addLocations(encounter, pv1);
        setPeriod(encounter, pv1);
        setHospitalization(encounter, pv1);
        message.segment("PV2").ifPresent(pv2 -> addPlan(encounter, pv2));
        return encounter;
    }

    /** Whether the visit is to come, by its class. */
    static boolean isPlanned(Hl7Segment pv1) {
        return pv1.text(2).equals(PREADMISSION);
    }

    private void addType(Encounter encounter, String code) {
        Optional<CodeableConcept> told = coding("0007", code);
        Optional<AdmissionType> known = profile.admissionType(code);
        told.ifPresent(type -> {
            known.filter(each -> each.snomed() != null)
                    .ifPresent(each -> type.getCoding()
                            .addFirst(new Coding("http://snomed.info/sct", each.snomed(), each.display())));
            encounter.addType(type);
        });
        known.filter(each -> each.priority() != null)
                .ifPresent(each ->
                        encounter.setPriority(new CodeableConcept(new Coding(PRIORITY, each.priority(), null))));
    }

    private void addParticipants(Encounter encounter, Hl7Segment pv1) {
        addParticipants(encounter, pv1, 7, new Coding(PARTICIPATION, "ATND", "attender"));
        addParticipants(encounter, pv1, 8, new Coding(PARTICIPATION, "REF", "referrer"));
        addParticipants(encounter, pv1, 9, new Coding(PARTICIPATION, "CON", "consultant"));
        addParticipants(encounter, pv1, 17, new Coding(PARTICIPATION, "ADM", "admitter"));
        addParticipants(encounter, pv1, 52, new Coding(PARTICIPATION, "PART", "Participation"));
    }

    private void addParticipants(Encounter encounter, Hl7Segment pv1, int field, Coding role) {
        pv1.repetitions(field).stream()
                .flatMap(xcn -> IdentifierMapping.practitioner(profile, xcn).stream())
                .forEach(person -> encounter
                        .addParticipant()
                        .addType(new CodeableConcept(role))
                        .setIndividual(person));
    }

    private void addLocations(Encounter encounter, Hl7Segment pv1) {
        addLocation(
                encounter,
                pv1.field(3),
                isPlanned(pv1) ? EncounterLocationStatus.PLANNED : EncounterLocationStatus.ACTIVE);
        addLocation(encounter, pv1.field(6), EncounterLocationStatus.COMPLETED);
        addLocation(encounter, pv1.field(42), EncounterLocationStatus.RESERVED);
    }

    /**
     * Point of care, room, bed, building, floor, facility; a place in the site's own words, not one of our Locations.
     */
    private static void addLocation(Encounter encounter, Hl7Field place, EncounterLocationStatus status) {
        String text = Stream.of(1, 2, 3, 7, 8, 4)
                .map(place::text)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        if (!text.isEmpty()) {
            encounter.addLocation().setStatus(status).setLocation(new Reference().setDisplay(text));
        }
    }

    private void setPeriod(Encounter encounter, Hl7Segment pv1) {
        EventTime.admission(message, isPlanned(pv1))
                .ifPresent(time -> encounter.getPeriod().setStartElement(time.toDateTime(profile.timeZone())));
        Optional<Hl7Time> end = switch (message.event()) {
            case A03 -> EventTime.discharge(message);
            case A08 -> pv1.time(45);
            default -> Optional.empty();
        };
        end.ifPresent(time -> encounter.getPeriod().setEndElement(time.toDateTime(profile.timeZone())));
    }

    private void setHospitalization(Encounter encounter, Hl7Segment pv1) {
        coding("0023", pv1.text(14))
                .ifPresent(source -> encounter.getHospitalization().setAdmitSource(source));
        coding("0092", pv1.text(13))
                .ifPresent(again -> encounter.getHospitalization().setReAdmission(again));
        if (message.event() == TriggerEvent.A03 || message.event() == TriggerEvent.A08) {
            setDisposition(encounter, pv1.text(36));
            setDestination(encounter, pv1.field(37));
        }
        Restrictions.ofVisit(message).forEach(encounter.getMeta()::addSecurity);
    }

    /** An update that says nothing of it leaves it as it is. */
    private void setDisposition(Encounter encounter, String code) {
        if (code.isEmpty() && message.event() == TriggerEvent.A08) {
            return;
        }
        profile.disposition(code).ifPresent(known -> {
            CodeableConcept concept = coding("0112", code).orElseGet(CodeableConcept::new);
            concept.getCoding().addFirst(known.destination().coding());
            concept.getCoding().addFirst(new Coding(DISPOSITION, known.code(), known.display()));
            encounter.getHospitalization().setDischargeDisposition(concept);
        });
    }

    /** The site's word for where it is (table 0113), not one of our Locations. */
    private static void setDestination(Encounter encounter, Hl7Field discharged) {
        String text = Stream.of(2, 1)
                .map(discharged::text)
                .filter(part -> !part.isEmpty())
                .findFirst()
                .orElse("");
        if (!text.isEmpty()) {
            encounter.getHospitalization().setDestination(new Reference().setDisplay(text));
        }
    }

    private void addPlan(Encounter encounter, Hl7Segment pv2) {
        pv2.time(8).ifPresent(time -> encounter.addExtension(PLANNED_START, time.toDateTime(profile.timeZone())));
        pv2.time(9).ifPresent(time -> encounter.addExtension(PLANNED_END, time.toDateTime(profile.timeZone())));
        CodeTables.concept(profile, pv2.field(3)).ifPresent(encounter::addReasonCode);
        if (pv2.text(11).matches("[0-9]{1,4}")) {
            encounter.setLength((Duration) new Duration()
                    .setValue(Long.parseLong(pv2.text(11)))
                    .setUnit("days")
                    .setSystem("http://unitsofmeasure.org")
                    .setCode("d"));
        }
        if (!encounter.hasPriority()) {
            CodeTables.coding(profile, "visit-priority", pv2.text(25))
                    .ifPresent(priority -> encounter.setPriority(new CodeableConcept(priority)));
        }
        if (!pv2.text(38).isEmpty()) {
            encounter.addExtension(MODE_OF_ARRIVAL, arrival(pv2.field(38)));
        }
    }

    private static Coding arrival(Hl7Field mode) {
        Coding coding = new Coding(V2_TABLE + "0430", mode.text(1), null);
        return mode.text(2).isEmpty() ? coding : coding.setDisplay(mode.text(2));
    }

    private static Optional<CodeableConcept> coding(String table, String code) {
        return code.isEmpty()
                ? Optional.empty()
                : Optional.of(new CodeableConcept(new Coding(V2_TABLE + table, code, null)));
    }
}
