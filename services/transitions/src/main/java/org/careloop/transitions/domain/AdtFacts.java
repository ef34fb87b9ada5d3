package org.careloop.transitions.domain;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.careloop.fhirmodel.FhirId;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;
import org.hl7.fhir.r4.model.Resource;

/**
 * What a message says of one patient, as FHIR resources. All but the Patient have their ids, derived from the sender's own keys so
 * that a message told twice makes the same resources; who the patient is here is not known before {@link #forPatient}.
 *
 * @param event what happened, and when
 * @param patient without an id until {@link #forPatient}
 * @param merged the number that is no more, because its patient is this one
 * @param encounter the visit as the message alone describes it; absent when it speaks of the person alone
 * @param related the rest
 * @param cleared elements that the sender emptied, as paths ({@code Patient.telecom}): to be removed, not left
 */
public record AdtFacts(
        Event event,
        Patient patient,
        Optional<Identifier> merged,
        Optional<Encounter> encounter,
        Related related,
        Set<String> cleared) {

    private static final String IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203";
    private static final String SUBSCRIBER_RELATIONSHIPS =
            "http://terminology.hl7.org/CodeSystem/subscriber-relationship";

    /**
     * What happened.
     *
     * @param code the sender's code for it: an ADT event, or one of Da Vinci Alerts
     * @param step what it says of the stay; empty when it speaks of the person alone
     */
    public record Event(String code, Optional<StayStep> step, StayEvent.Times when) {}

    /** The resources around patient and visit. */
    public record Related(
            List<Condition> conditions,
            List<RelatedPerson> relatedPersons,
            List<Coverage> coverages,
            List<AllergyIntolerance> allergies,
            List<Observation> observations,
            List<Procedure> procedures) {

        /** All of them. */
        public List<Resource> all() {
            return Stream.of(relatedPersons, coverages, conditions, allergies, observations, procedures)
                    .<Resource>flatMap(List::stream)
                    .toList();
        }

        /** Those that were found or done in the visit. */
        public List<Resource> ofVisit() {
            return Stream.of(conditions, observations, procedures)
                    .<Resource>flatMap(List::stream)
                    .toList();
        }
    }

    /** The patient's number at the sender, by which a patient is found or made: the first medical record number. */
    public Identifier patientIdentifier() {
        return patientIdentifier(patient);
    }

    /** As {@link #patientIdentifier()}. */
    public static Identifier patientIdentifier(Patient patient) {
        return patient.getIdentifier().stream()
                .filter(identifier -> identifier.getType().hasCoding(IDENTIFIER_TYPES, "MR"))
                .findFirst()
                .orElseGet(patient::getIdentifierFirstRep);
    }

    /** Returns a copy in which the patient has {@code id} and all others refer to it. */
    public AdtFacts forPatient(FhirId id) {
        Patient named = patient.copy();
        named.setId(id.value());
        Optional<Encounter> visit = encounter.map(each -> each.copy().setSubject(reference(id)));
        Related all = new Related(
                related.conditions().stream()
                        .map(each -> each.copy().setSubject(reference(id)))
                        .toList(),
                related.relatedPersons().stream()
                        .map(each -> each.copy().setPatient(reference(id)))
                        .toList(),
                related.coverages().stream()
                        .map(each -> coverage(each.copy(), id))
                        .toList(),
                related.allergies().stream()
                        .map(each -> each.copy().setPatient(reference(id)))
                        .toList(),
                related.observations().stream()
                        .map(each -> each.copy().setSubject(reference(id)))
                        .toList(),
                related.procedures().stream()
                        .map(each -> each.copy().setSubject(reference(id)))
                        .toList());
        return new AdtFacts(event, named, merged, visit, all, cleared);
    }

    /** Returns a copy in which the visit has {@code id} and all others refer to it. */
    public AdtFacts forStay(FhirId id) {
        Reference stay = new Reference("Encounter/" + id.value());
        Optional<Encounter> visit = encounter.map(each -> {
            Encounter named = each.copy();
            named.setId(id.value());
            return named;
        });
        Related all = new Related(
                related.conditions().stream()
                        .map(each -> each.copy().setEncounter(stay.copy()))
                        .toList(),
                related.relatedPersons(),
                related.coverages(),
                related.allergies(),
                related.observations().stream()
                        .map(each -> each.hasEncounter() ? each.copy().setEncounter(stay.copy()) : each)
                        .toList(),
                related.procedures().stream()
                        .map(each -> each.hasEncounter() ? each.copy().setEncounter(stay.copy()) : each)
                        .toList());
        return new AdtFacts(event, patient, merged, visit, all, cleared);
    }

    private static Coverage coverage(Coverage coverage, FhirId id) {
        boolean self = coverage.getRelationship().hasCoding(SUBSCRIBER_RELATIONSHIPS, "self");
        return (self ? coverage.setSubscriber(reference(id)) : coverage).setBeneficiary(reference(id));
    }

    private static Reference reference(FhirId id) {
        return new Reference("Patient/" + id.value());
    }
}
