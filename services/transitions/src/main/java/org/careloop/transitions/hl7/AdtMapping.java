package org.careloop.transitions.hl7;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.transitions.domain.DischargeDestination;
import org.careloop.transitions.domain.TriggerEvent;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;

/**
 * Turns a message into FHIR resources by the sender's profile.
 *
 * @see <a href="https://hl7.org/fhir/uv/v2mappings/">HL7 v2-to-FHIR 1.0.0</a>
 */
public final class AdtMapping {

    /** Fields that empty an element when they are sent as {@code ""}. */
    private static final Map<String, Map<Integer, String>> CLEARABLE = Map.of(
            "PID",
            Map.of(
                    11, "Patient.address",
                    13, "Patient.telecom",
                    15, "Patient.communication",
                    16, "Patient.maritalStatus",
                    29, "Patient.deceased",
                    30, "Patient.deceased"),
            "PD1",
            Map.of(4, "Patient.generalPractitioner"),
            "PV1",
            Map.of(
                    3, "Encounter.location",
                    4, "Encounter.type",
                    7, "Encounter.participant",
                    10, "Encounter.serviceType",
                    14, "Encounter.hospitalization.admitSource",
                    36, "Encounter.hospitalization.dischargeDisposition",
                    44, "Encounter.period.start",
                    45, "Encounter.period.end"));

    private AdtMapping() {}

    /**
     * Returns what {@code message} says; fails with {@link MessageRejection} and nothing else, before anything is
     * made, when required content is missing or wrong.
     *
     * @param receivedAt now: events more than a day ahead of it are refused
     */
    public static AdtFacts map(Hl7Message message, SenderProfile profile, Instant receivedAt) {
        new RequiredContent(message, profile, receivedAt).check();
        Hl7Segment pid = message.segment("PID").orElseThrow();
        Hl7Segment pv1 = message.segment("PV1").orElseThrow();
        Patient patient = new PatientMapping(message, profile).patient(pid);
        Identifier key = AdtFacts.patientIdentifier(patient);
        Encounter encounter = new VisitMapping(message, profile).encounter(pv1);
        DiagnosisMapping diagnoses = new DiagnosisMapping(message, profile);
        List<Condition> conditions = diagnoses.conditions(encounter);
        diagnoses.link(encounter);
        AdtFacts.Related related = new AdtFacts.Related(
                conditions,
                new RelationMapping(message, profile).relatedPersons(key),
                new InsuranceMapping(message, profile).coverages(key),
                new AllergyMapping(message, profile).allergies(key));
        return new AdtFacts(event(message, profile, pv1), patient, encounter, related, cleared(message));
    }

    private static AdtFacts.Event event(Hl7Message message, SenderProfile profile, Hl7Segment pv1) {
        boolean discharge = message.event() == TriggerEvent.A03;
        Optional<DischargeDestination> destination = discharge
                ? profile.disposition(pv1.text(36)).map(SenderProfile.Disposition::destination)
                : Optional.empty();
        Optional<Instant> discharged = discharge
                ? EventTime.discharge(message).map(time -> time.toInstant(profile.timeZone()))
                : Optional.empty();
        return new AdtFacts.Event(
                message.event(), EventTime.of(message, profile).at(), destination, discharged);
    }

    private static Set<String> cleared(Hl7Message message) {
        Set<String> cleared = new HashSet<>();
        CLEARABLE.forEach((name, fields) -> message.segment(name)
                .ifPresent(segment -> fields.forEach((field, path) -> {
                    if (segment.field(field).isCleared()) {
                        cleared.add(path);
                    }
                })));
        return Set.copyOf(cleared);
    }
}
