package org.careloop.patients.domain.reconciliation;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Dosage;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.Medication;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestStatus;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.hl7.fhir.r4.model.MedicationStatement.MedicationStatementStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Timing.UnitsOfTime;

/** What is prescribed for one invented person around one stay, and what is found of it. */
final class Prescriptions {

    static final String STAY = "Encounter/stay";
    static final Medicines MEDICINES = new Medicines(MedicineTable.shipped());
    static final ReconciliationRules RULES = ReconciliationRules.shipped();

    private final List<MedicationRequest> requests = new ArrayList<>();
    private final List<MedicationStatement> statements = new ArrayList<>();
    private final List<AllergyIntolerance> allergies = new ArrayList<>();
    final List<ListResource> lists = new ArrayList<>();
    final Map<String, Medication> medications = new HashMap<>();
    StayPeriod.Phase phase = StayPeriod.Phase.DISCHARGED;

    /** As {@code 314076} of RxNorm, or a text. */
    static CodeableConcept medicine(String told) {
        CodeableConcept concept = new CodeableConcept();
        if (told.matches("[0-9]+")) {
            concept.addCoding().setSystem(Medicines.RXNORM).setCode(told);
        } else {
            concept.setText(told);
        }
        return concept;
    }

    static Dosage dosage(String amount, String unit, int timesADay) {
        Dosage dosage = new Dosage();
        dosage.addDoseAndRate()
                .setDose(new Quantity().setValue(new BigDecimal(amount)).setUnit(unit));
        dosage.getTiming().getRepeat().setFrequency(timesADay).setPeriod(1).setPeriodUnit(UnitsOfTime.D);
        dosage.getRoute().setText("oral");
        return dosage;
    }

    MedicationRequest request(String category, String told) {
        MedicationRequest request = new MedicationRequest().setStatus(MedicationRequestStatus.ACTIVE);
        request.setId("r" + requests.size());
        request.setMedication(medicine(told));
        request.addCategory().addCoding().setCode(category);
        if (!category.equals("community")) {
            request.setEncounter(new Reference(STAY));
        }
        requests.add(request);
        return request;
    }

    MedicationRequest home(String told) {
        MedicationRequest request = request("community", told);
        request.setAuthoredOnElement(new DateTimeType("2026-01-10"));
        request.addDosageInstruction(dosage("10", "mg", 1));
        return request;
    }

    MedicationRequest inpatient(String told) {
        return request("inpatient", told);
    }

    MedicationRequest discharge(String told) {
        MedicationRequest request = request("discharge", told);
        request.addReasonCode().setText("why");
        request.addDosageInstruction(dosage("10", "mg", 1));
        return request;
    }

    MedicationStatement statement(String told, MedicationStatementStatus status) {
        MedicationStatement statement = new MedicationStatement().setStatus(status);
        statement.setId("s" + statements.size());
        statement.setMedication(medicine(told));
        statements.add(statement);
        return statement;
    }

    AllergyIntolerance allergy(String told) {
        AllergyIntolerance allergy = new AllergyIntolerance().setCode(medicine(told));
        allergy.setId("a" + allergies.size());
        allergies.add(allergy);
        return allergy;
    }

    static StayPeriod stay(String patient, StayPeriod.Phase phase) {
        return new StayPeriod(
                "stay",
                patient,
                phase,
                Optional.of(Instant.parse("2026-11-10T15:00:00Z")),
                phase == StayPeriod.Phase.DISCHARGED
                        ? Optional.of(Instant.parse("2026-11-14T20:00:00Z"))
                        : Optional.empty(),
                ZoneId.of("America/New_York"));
    }

    Reconciliation compared() {
        StayPeriod stay = stay("ada", phase);
        MedicineFacts facts = new MedicineFacts(requests, statements, lists, allergies, medications);
        return Reconciliation.of(stay, facts, MEDICINES, RULES);
    }

    /** {@code kind severity about} of each difference. */
    List<String> found() {
        return compared().differences().stream()
                .map(each -> each.kind().code() + " " + each.severity().toCode() + " " + each.about())
                .toList();
    }
}
