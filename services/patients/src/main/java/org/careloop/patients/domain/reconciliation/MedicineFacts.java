package org.careloop.patients.domain.reconciliation;

import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.Medication;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationStatement;

/**
 * What is stored of a patient that a comparison may rest on.
 *
 * @param medications by literal reference
 */
public record MedicineFacts(
        List<MedicationRequest> requests,
        List<MedicationStatement> statements,
        List<ListResource> lists,
        List<AllergyIntolerance> allergies,
        Map<String, Medication> medications) {}
