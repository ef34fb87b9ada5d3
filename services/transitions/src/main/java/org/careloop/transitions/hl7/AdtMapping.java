package org.careloop.transitions.hl7;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.StayCourse;
import org.careloop.transitions.domain.StayStep;
import org.careloop.transitions.domain.TriggerEvent;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;

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
                    37, "Encounter.hospitalization.destination",
                    44, "Encounter.period.start",
                    45, "Encounter.period.end"));

    private AdtMapping() {}

    /**
     * Returns what {@code message} says of each of its patients; fails with {@link MessageRejection} and nothing else, before
     * anything is made, when required content is missing or wrong.
     *
     * @param receivedAt now: events more than a day ahead of it are refused
     */
    public static List<AdtFacts> map(Hl7Message message, SenderProfile profile, Instant receivedAt) {
        return message.parts().stream()
                .map(part -> mapPart(part, profile, receivedAt))
                .toList();
    }

    private static AdtFacts mapPart(Hl7Message message, SenderProfile profile, Instant receivedAt) {
        RequiredContent required = new RequiredContent(message, profile, receivedAt);
        required.check();
        Patient patient = new PatientMapping(message, profile)
                .patient(message.segment("PID").orElseThrow());
        Restrictions.ofPerson(message).forEach(patient.getMeta()::addSecurity);
        Identifier key = AdtFacts.patientIdentifier(patient);
        Optional<Encounter> encounter = required.speaksOfVisit()
                ? message.segment("PV1").map(new VisitMapping(message, profile)::encounter)
                : Optional.empty();
        Optional<StayStep> step = encounter.flatMap(visit -> step(message));
        encounter.ifPresent(visit -> step.map(StayCourse::alone).ifPresent(visit::setStatus));
        DiagnosisMapping diagnoses = new DiagnosisMapping(message, profile);
        List<Condition> conditions = encounter.map(diagnoses::conditions).orElse(List.of());
        encounter.ifPresent(diagnoses::link);
        AdtFacts.Related related = new AdtFacts.Related(
                conditions,
                new RelationMapping(message, profile).relatedPersons(key),
                new InsuranceMapping(message, profile).coverages(key),
                new AllergyMapping(message, profile).allergies(key),
                new ObservationMapping(message, profile).observations(key, encounter),
                new ProcedureMapping(message, profile, receivedAt).procedures(key, encounter));
        label(message, related);
        Optional<Identifier> merged =
                message.segment("MRG").filter(mrg -> message.event().isMerge()).flatMap(mrg -> gone(mrg, profile));
        AdtFacts.Event event =
                new AdtFacts.Event(message.event().name(), step, EventTime.of(message, profile, receivedAt));
        return new AdtFacts(event, patient, merged, encounter, related, cleared(message));
    }

    /** What is told of a person or a visit that is restricted is restricted as they are. */
    private static void label(Hl7Message message, AdtFacts.Related related) {
        List<Coding> ofPerson = Restrictions.ofPerson(message);
        List<Coding> ofVisit = Restrictions.ofVisit(message);
        related.all().forEach(fact -> ofPerson.forEach(label -> add(label, fact)));
        related.ofVisit().forEach(fact -> ofVisit.forEach(label -> add(label, fact)));
    }

    private static void add(Coding label, Resource fact) {
        if (fact.getMeta().getSecurity(label.getSystem(), label.getCode()) == null) {
            fact.getMeta().addSecurity(label.copy());
        }
    }

    /** Of several numbers the medical record number: others, such as that of social security, both may have. */
    private static Optional<Identifier> gone(Hl7Segment mrg, SenderProfile profile) {
        List<Identifier> numbers = mrg.repetitions(1).stream()
                .flatMap(cx -> IdentifierMapping.identifier(profile, profile.patientIdentifiers(), cx).stream())
                .toList();
        return numbers.stream()
                .filter(number -> number.getType().hasCoding(IdentifierMapping.TYPE_SYSTEM, "MR"))
                .findFirst()
                .or(() -> numbers.stream().findFirst());
    }

    /** A registration is of a visit that is to come when its class says so. */
    private static Optional<StayStep> step(Hl7Message message) {
        boolean planned = message.event() == TriggerEvent.A04
                && message.segment("PV1").filter(VisitMapping::isPlanned).isPresent();
        return planned ? Optional.of(StayStep.PLAN) : message.event().step();
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
