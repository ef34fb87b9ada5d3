package org.careloop.transitions.hl7;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirId;
import org.careloop.transitions.domain.DischargeDestination;
import org.careloop.transitions.domain.TriggerEvent;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.RelatedPerson;

/**
 * What a message says, as FHIR resources. All but the Patient have their ids, derived from the sender's own keys so
 * that a message told twice makes the same resources; who the patient is here is not known before {@link
 * #forPatient}.
 *
 * @param event what happened, and when
 * @param patient without an id until {@link #forPatient}
 * @param encounter the visit, with the status that the message alone speaks of
 * @param related the rest
 * @param cleared elements that the sender emptied, as paths ({@code Patient.telecom}): to be removed, not left
 */
public record AdtFacts(Event event, Patient patient, Encounter encounter, Related related, Set<String> cleared) {

    /**
     * What happened.
     *
     * @param code the trigger event
     * @param at when it happened at the site: EVN-6, else EVN-2, else MSH-7
     * @param destination where a discharged patient goes; present for each A03
     * @param discharged when the patient left; present for each A03
     */
    public record Event(
            TriggerEvent code, Instant at, Optional<DischargeDestination> destination, Optional<Instant> discharged) {}

    /** The resources around patient and visit. */
    public record Related(
            List<Condition> conditions,
            List<RelatedPerson> relatedPersons,
            List<Coverage> coverages,
            List<AllergyIntolerance> allergies) {}

    /** The patient's number at the sender, by which a patient is found or made: the first medical record number. */
    public Identifier patientIdentifier() {
        return patientIdentifier(patient);
    }

    static Identifier patientIdentifier(Patient patient) {
        return patient.getIdentifier().stream()
                .filter(identifier -> identifier.getType().hasCoding(IdentifierMapping.TYPE_SYSTEM, "MR"))
                .findFirst()
                .orElseGet(patient::getIdentifierFirstRep);
    }

    /** Returns a copy in which the patient has {@code id} and all others refer to it. */
    public AdtFacts forPatient(FhirId id) {
        Patient named = patient.copy();
        named.setId(id.value());
        Encounter visit = encounter.copy().setSubject(reference(id));
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
                        .toList());
        return new AdtFacts(event, named, visit, all, cleared);
    }

    private static Coverage coverage(Coverage coverage, FhirId id) {
        boolean self = coverage.getRelationship().hasCoding(InsuranceMapping.RELATIONSHIP_SYSTEM, "self");
        return (self ? coverage.setSubscriber(reference(id)) : coverage).setBeneficiary(reference(id));
    }

    private static Reference reference(FhirId id) {
        return new Reference("Patient/" + id.value());
    }
}
