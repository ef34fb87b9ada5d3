package org.careloop.transitions.alerts;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.AdtFacts;
import org.careloop.transitions.domain.FactKey;
import org.careloop.transitions.domain.StayCourse;
import org.careloop.transitions.domain.StayEvent;
import org.careloop.transitions.domain.StayStep;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterLocationStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;
import org.hl7.fhir.r4.model.Resource;

/**
 * Turns a notification into what it says of its patient and stay, in the shape in which an ADT message says it. What it refers to
 * and we do not keep, such as the practitioners, becomes a logical reference with its name.
 */
public final class AlertMapping {

    private static final String IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203";

    private final AlertMessage message;
    private final String organization;
    private final Instant received;
    private final Set<String> ours = new HashSet<>();

    private AlertMapping(AlertMessage message, String organization, Instant received) {
        this.message = message;
        this.organization = organization;
        this.received = received;
    }

    /**
     * Returns what {@code message} says.
     *
     * @param organization id of the Organization that sends it, and provides the stay
     */
    public static AdtFacts map(AlertMessage message, String organization, Instant received) {
        return new AlertMapping(message, organization, received).facts();
    }

    private AdtFacts facts() {
        Patient patient = patient();
        Identifier number = AdtFacts.patientIdentifier(patient);
        Encounter encounter = encounter();
        List<Condition> conditions = of(Condition.class, Condition::getSubject)
                .map(condition -> condition(condition, encounter))
                .toList();
        AdtFacts.Related related = new AdtFacts.Related(
                conditions,
                of(RelatedPerson.class, RelatedPerson::getPatient)
                        .map(person -> named(person, number, key(person)))
                        .toList(),
                of(Coverage.class, Coverage::getBeneficiary)
                        .map(coverage -> named(coverage, number, key(coverage)))
                        .toList(),
                of(AllergyIntolerance.class, AllergyIntolerance::getPatient)
                        .map(allergy -> named(allergy, number, key(allergy)))
                        .toList(),
                of(Observation.class, Observation::getSubject)
                        .map(result -> result(result, number, encounter))
                        .toList(),
                of(Procedure.class, Procedure::getSubject)
                        .map(procedure -> procedure(procedure, number, encounter))
                        .toList());
        AdtFacts.Event event = new AdtFacts.Event(message.event(), Optional.of(message.step()), times(encounter));
        return new AdtFacts(event, patient, Optional.empty(), Optional.of(encounter), related, Set.of());
    }

    private StayEvent.Times times(Encounter encounter) {
        Instant sent = message.sent().isAfter(received) ? received : message.sent();
        Instant at = switch (message.step()) {
            case ADMIT -> start(encounter).orElse(sent);
            case DISCHARGE -> end(encounter).orElse(sent);
            default -> sent;
        };
        return new StayEvent.Times(sent, sent, at, received);
    }

    private static Optional<Instant> start(Encounter encounter) {
        return Optional.ofNullable(encounter.getPeriod().getStart()).map(time -> time.toInstant());
    }

    private static Optional<Instant> end(Encounter encounter) {
        return Optional.ofNullable(encounter.getPeriod().getEnd()).map(time -> time.toInstant());
    }

    private Patient patient() {
        Patient patient = bare(message.patient());
        patient.setId((String) null);
        patient.setManagingOrganization(ours("Organization/" + organization));
        logical(patient);
        return patient;
    }

    private Encounter encounter() {
        Encounter encounter = bare(message.encounter());
        encounter.setSubject(null).setStatus(StayCourse.alone(message.step()));
        encounter.setServiceProvider(ours("Organization/" + organization));
        encounter.setDiagnosis(null).setEpisodeOfCare(null);
        encounter.setId(idOf(encounter));
        visitNumber(encounter).setType(new CodeableConcept(new Coding(IDENTIFIER_TYPES, "VN", "Visit number")));
        logical(encounter);
        encounter.getLocation().stream()
                .filter(place -> !place.hasStatus())
                .findFirst()
                .ifPresent(place -> place.setStatus(EncounterLocationStatus.ACTIVE));
        of(Condition.class, Condition::getSubject)
                .forEach(condition ->
                        encounter.addDiagnosis().setCondition(ours("Condition/" + idOf(condition, encounter))));
        if (message.step() != StayStep.DISCHARGE) {
            encounter.getPeriod().setEnd(null);
        }
        return encounter;
    }

    /** By the visit number, as an ADT message would. */
    private String idOf(Encounter encounter) {
        Identifier number = visitNumber(encounter);
        return FhirId.derivedFrom("Encounter", number.getSystem(), number.getValue())
                .value();
    }

    private static Identifier visitNumber(Encounter encounter) {
        return encounter.getIdentifier().stream()
                .filter(number -> number.hasSystem() && number.hasValue())
                .findFirst()
                .orElseThrow();
    }

    private Condition condition(Condition told, Encounter encounter) {
        Condition condition = bare(told);
        condition.setId(idOf(told, encounter));
        condition.setEncounter(ours("Encounter/" + encounter.getIdElement().getIdPart()));
        logical(condition);
        return condition;
    }

    /** By its code, as an ADT message's diagnosis has it that has no number of its own. */
    private static String idOf(Condition told, Encounter encounter) {
        Identifier visit = visitNumber(encounter);
        String key = FactKey.of(told.getCode());
        return FhirId.derivedFrom("Condition", visit.getSystem(), visit.getValue(), key)
                .value();
    }

    private static String key(RelatedPerson person) {
        String relations = person.getRelationship().stream()
                .flatMap(relation -> relation.getCoding().stream())
                .map(Coding::getCode)
                .collect(Collectors.joining(" "));
        return "person " + relations + " " + person.getNameFirstRep().getNameAsSingleString();
    }

    private static String key(Coverage coverage) {
        return "coverage " + coverage.getSubscriberId() + " "
                + coverage.getPayorFirstRep().getDisplay() + " "
                + coverage.getIdentifierFirstRep().getValue();
    }

    private static String key(AllergyIntolerance allergy) {
        return "allergy " + FactKey.of(allergy.getCode());
    }

    /** In the stay when the sender says so, not by itself. */
    private Observation result(Observation told, Identifier patient, Encounter encounter) {
        String key = FactKey.of(told.getCode(), "", told.getEffective());
        Observation result = named(told, patient, key);
        return message.leads(told.getEncounter(), message.encounter())
                ? result.setEncounter(
                        ours("Encounter/" + encounter.getIdElement().getIdPart()))
                : result;
    }

    private Procedure procedure(Procedure told, Identifier patient, Encounter encounter) {
        String key = FactKey.of(told.getCode(), "", told.getPerformed());
        Procedure procedure = named(told, patient, key);
        return message.leads(told.getEncounter(), message.encounter())
                ? procedure.setEncounter(
                        ours("Encounter/" + encounter.getIdElement().getIdPart()))
                : procedure;
    }

    /** By what it says, because senders give the same a new id in each message. */
    private <T extends Resource> T named(T told, Identifier patient, String key) {
        T resource = bare(told);
        resource.setId(FhirId.derivedFrom(told.fhirType(), patient.getSystem(), patient.getValue(), key)
                .value());
        logical(resource);
        return resource;
    }

    private <T extends Resource> Stream<T> of(Class<T> type, Function<T, Reference> whose) {
        return message.all(type).stream().filter(each -> message.leads(whose.apply(each), message.patient()));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Resource> T bare(T told) {
        T bare = (T) told.copy();
        bare.setMeta(null);
        // How confidential it is stays with it.
        told.getMeta().getSecurity().forEach(label -> bare.getMeta().addSecurity(label.copy()));
        return bare;
    }

    /** Turns what refers to resources of the message, or to others that only the sender has, into logical references. */
    private void logical(Base element) {
        for (Property property : element.children()) {
            for (Base value : property.getValues()) {
                if (value instanceof Reference reference) {
                    logical(reference);
                } else {
                    logical(value);
                }
            }
        }
    }

    private void logical(Reference reference) {
        if (!reference.hasReference() || isOurs(reference)) {
            return;
        }
        message.target(reference).ifPresent(target -> {
            Property identifiers = target.getNamedProperty("identifier");
            if (!reference.hasIdentifier() && identifiers != null && identifiers.hasValues()) {
                reference.setIdentifier(
                        (Identifier) identifiers.getValues().getFirst().copy());
            }
            reference.setType(target.fhirType());
            if (!reference.hasDisplay()) {
                reference.setDisplay(target.fhirType());
            }
        });
        reference.setReference(null);
    }

    private boolean isOurs(Reference reference) {
        return ours.contains(reference.getReference());
    }

    private Reference ours(String reference) {
        ours.add(reference);
        return new Reference(reference);
    }
}
