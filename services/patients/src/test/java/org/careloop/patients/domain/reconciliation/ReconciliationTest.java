package org.careloop.patients.domain.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.domain.reconciliation.Prescriptions.dosage;
import static org.careloop.patients.domain.reconciliation.Prescriptions.medicine;

import java.util.List;
import java.util.Set;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.AllergyIntolerance.AllergyIntoleranceCriticality;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.ListResource.ListStatus;
import org.hl7.fhir.r4.model.Medication;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestStatus;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.hl7.fhir.r4.model.MedicationStatement.MedicationStatementStatus;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Ratio;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** Each kind of difference between the lists of a stay, and what is none. */
class ReconciliationTest {

    private static final String LISINOPRIL = "ingredients:lisinopril";
    private final Prescriptions ada = new Prescriptions();

    @Test
    void whatGoesOnAsItWasIsNoDifference() {
        ada.home("314076");
        ada.discharge("lisinopril 10 mg tablet");
        assertThat(ada.found()).isEmpty();
        assertThat(ada.compared().rows()).hasSize(1);
        assertThat(ada.compared().rows().getFirst().by()).isEqualTo(MatchedBy.TEXT);
    }

    @Test
    void aMedicineThatIsNeitherContinuedNorStoppedIsOmitted() {
        ada.home("314076");
        ada.home("warfarin");
        ada.discharge("Lipitor 40 mg");
        assertThat(ada.found())
                .containsExactlyInAnyOrder("omitted moderate " + LISINOPRIL, "omitted high ingredients:warfarin");
    }

    @Test
    void aMedicineThatIsStoppedNeedsAReason() {
        ada.home("314076");
        MedicationRequest stop = ada.discharge("314076").setDoNotPerform(true);
        assertThat(ada.found()).isEmpty();
        stop.setReasonCode(List.of());
        assertThat(ada.found()).containsExactly("stopped-without-reason moderate " + LISINOPRIL);
    }

    @Test
    void whatWasStoppedAtHomeNeedsAReasonToo() {
        MedicationRequest stopped = ada.home("warfarin").setStatus(MedicationRequestStatus.STOPPED);
        ada.discharge("apixaban");
        assertThat(ada.found()).containsExactly("stopped-without-reason high ingredients:warfarin");
        stopped.setStatusReason(new CodeableConcept().setText("replaced"));
        assertThat(ada.found()).isEmpty();
    }

    @Test
    void aNewMedicineNeedsAnIndication() {
        ada.home("314076");
        ada.discharge("314076");
        MedicationRequest begun = ada.discharge("Percocet");
        assertThat(ada.found()).isEmpty();
        begun.setReasonCode(List.of());
        assertThat(ada.found()).containsExactly("new-without-indication high ingredients:acetaminophen+oxycodone");
        ada.inpatient("acetaminophen 325 MG / oxycodone hydrochloride 5 MG Oral Tablet");
        assertThat(ada.found()).containsExactly("inpatient-continued high ingredients:acetaminophen+oxycodone");
    }

    @Test
    void doseFrequencyAndRouteAreCompared() {
        ada.home("314076");
        MedicationRequest after = ada.discharge("314076");
        after.setDosageInstruction(List.of(dosage("20", "mg", 1)));
        assertThat(ada.found()).containsExactly("dose-changed moderate " + LISINOPRIL);
        after.setDosageInstruction(List.of(dosage("10000", "ug", 2)));
        assertThat(ada.found()).containsExactly("frequency-changed moderate " + LISINOPRIL);
        after.setDosageInstruction(List.of(dosage("10", "mg", 1)));
        after.getDosageInstructionFirstRep().getRoute().setText("IV");
        assertThat(ada.found()).containsExactly("route-changed moderate " + LISINOPRIL);
        after.getDosageInstructionFirstRep().getRoute().setText("by mouth");
        assertThat(ada.found()).isEmpty();
    }

    @Test
    void whatIsNotToldIsUnknownAndNotUnchanged() {
        ada.home("314076");
        ada.discharge("314076").setDosageInstruction(List.of());
        assertThat(ada.found()).containsExactly("dosage-unknown low " + LISINOPRIL);
    }

    @Test
    void tabletsAreOnlyAsMuchAsTheirStrength() {
        MedicationRequest before = ada.home("lisinopril 10 MG Oral Tablet");
        MedicationRequest after = ada.discharge("lisinopril 20 MG Oral Tablet");
        before.setDosageInstruction(List.of(dosage("1", "tablet", 1)));
        after.setDosageInstruction(List.of(dosage("1", "tablet", 1)));
        assertThat(ada.found()).containsExactly("dose-changed moderate " + LISINOPRIL);
        before.setDosageInstruction(List.of(dosage("2", "tablet", 1)));
        assertThat(ada.found()).isEmpty();
        before.setMedication(medicine("lisinopril"));
        assertThat(ada.found()).containsExactly("dosage-unknown low " + LISINOPRIL);
    }

    @Test
    void theSameIngredientTwiceIsTold() {
        ada.home("oxycodone 5 mg").setDosageInstruction(List.of(dosage("10", "mg", 1)));
        ada.discharge("oxycodone");
        ada.discharge("1049221");
        assertThat(ada.found()).containsExactly("duplicate-ingredient high oxycodone");
    }

    @Test
    void theSameClassTwiceIsToldAlsoOfWhatNobodyStopped() {
        ada.home("losartan");
        ada.discharge("314076");
        assertThat(ada.found())
                .containsExactlyInAnyOrder(
                        "omitted moderate ingredients:losartan", "duplicate-class moderate class:raas-inhibitor");
    }

    @Test
    void aPrescriptionAndWhatIsSaidOfItAreOneTelling() {
        ada.home("314076");
        ada.discharge("314076");
        MedicationStatement said = ada.statement("Zestril", MedicationStatementStatus.ACTIVE);
        said.setContext(new Reference(Prescriptions.STAY)).setDateAssertedElement(new DateTimeType("2026-11-16"));
        assertThat(ada.found()).isEmpty();
        said.setStatus(MedicationStatementStatus.NOTTAKEN).addStatusReason().setText("cough");
        assertThat(ada.found()).containsExactly("not-taken moderate " + LISINOPRIL);
        assertThat(ada.compared().rows().getFirst().of(MedicineList.DISCHARGE))
                .anyMatch(entry -> entry.status().equals("not-taken")
                        && entry.reasons().getFirst().getText().equals("cough"));
    }

    @Test
    void anAllergyToAnIngredientOrItsGroupIsTold() {
        ada.home("314076");
        ada.discharge("314076");
        ada.discharge("Augmentin 875-125");
        ada.allergy("Penicillins").setCriticality(AllergyIntoleranceCriticality.HIGH);
        ada.allergy("latex");
        ada.allergy("lisinopril").getVerificationStatus().addCoding().setCode("refuted");
        assertThat(ada.found()).containsExactly("allergy high AllergyIntolerance/a0 MedicationRequest/r2");
    }

    @Test
    void ingredientsInAnotherProductAreNotOmitted() {
        ada.home("314076");
        ada.home("hydrochlorothiazide").setDosageInstruction(List.of(dosage("25", "mg", 1)));
        ada.discharge("lisinopril / hydrochlorothiazide 10-25 mg");
        assertThat(ada.found())
                .containsExactlyInAnyOrder(
                        "product-changed low ingredients:hydrochlorothiazide", "product-changed low " + LISINOPRIL);
    }

    @Test
    void aCombinationOfWhichOnePartIsNotKnownIsNotTakenForTheOther() {
        ada.home("lisinopril / frobnicol");
        ada.discharge("lisinopril");
        assertThat(ada.found())
                .anyMatch(each -> each.startsWith("omitted moderate ingredients:lisinopril+text:frobnicol"));
    }

    @Test
    void whatTheTableDoesNotKnowIsMatchedByCodeOrText() {
        ada.home("Frobnicol 10 mg tablet");
        ada.discharge("frobnicol 10 MG Oral Tablet [Frob]");
        MedicationRequest before = ada.home("x");
        before.setMedication(medicine("Somezine").addCoding(new Coding("urn:ndc", "1", null)));
        MedicationRequest after = ada.discharge("x");
        after.setMedication(medicine("Otherzine").addCoding(new Coding("urn:ndc", "1", null)));
        assertThat(ada.found()).isEmpty();
        assertThat(ada.compared().rows()).extracting(MedicineRow::by).containsExactly(MatchedBy.TEXT, MatchedBy.CODE);
    }

    @Test
    void aListThatIsMissingIsToldOnce() {
        ada.home("314076");
        ada.home("warfarin");
        assertThat(ada.found()).containsExactly("list-missing high discharge");
        assertThat(new Prescriptions().found()).isEmpty();
    }

    @Test
    void beforeTheDischargeNothingDiffers() {
        ada.phase = StayPeriod.Phase.OPEN;
        ada.home("314076");
        ada.inpatient("warfarin");
        assertThat(ada.found()).isEmpty();
        assertThat(ada.compared().rows()).hasSize(2);
    }

    @Test
    void whatEndedBeforeOrBelongsToOtherStaysIsOfNoList() {
        ada.home("azithromycin").setStatus(MedicationRequestStatus.COMPLETED);
        ada.home("314076")
                .getDispenseRequest()
                .setValidityPeriod(new Period().setEndElement(new DateTimeType("2026-10-01")));
        ada.discharge("warfarin").setEncounter(new Reference("Encounter/other"));
        ada.discharge("cancelled").setStatus(MedicationRequestStatus.CANCELLED);
        assertThat(ada.compared().rows()).isEmpty();
    }

    @Test
    void aListOfHomeMedicationsPlacesWhatItNamesAndMedicationsAreResolved() {
        Medication contained = new Medication().setCode(medicine("furosemide"));
        contained.setId("m");
        contained
                .addIngredient()
                .setStrength(
                        new Ratio().setNumerator(new Quantity().setValue(40).setCode("mg")));
        MedicationStatement said = ada.statement("x", MedicationStatementStatus.ACTIVE);
        said.setMedication(new Reference("#m")).addContained(contained);
        said.setDateAssertedElement(new DateTimeType("2026-11-20"));
        said.addDosage(dosage("1", "tablet", 2));
        assertThat(ada.compared().rows()).isEmpty();
        ListResource list =
                new ListResource().setStatus(ListStatus.CURRENT).setEncounter(new Reference(Prescriptions.STAY));
        list.getCode().addCoding().setSystem("http://loinc.org").setCode("42346-7");
        list.addEntry().setItem(new Reference("MedicationStatement/s0"));
        ada.lists.add(list);
        Medication apart = new Medication().setCode(medicine("4603"));
        ada.medications.put("Medication/lasix", apart);
        MedicationRequest after = ada.discharge("x");
        after.setMedication(new Reference("Medication/lasix"));
        after.setDosageInstruction(List.of(dosage("40", "mg", 2)));
        assertThat(ada.found()).isEmpty();
        assertThat(ada.compared().rows()).hasSize(1);
    }

    @Test
    void burdenCountsMedicinesAndDosesAndNamesHighRisk() {
        List.of("warfarin", "314076", "metformin", "atorvastatin", "Lantus").forEach(ada::discharge);
        ada.discharge("naproxen").setDosageInstruction(List.of());
        Burden burden = ada.compared().burden().getLast();
        assertThat(burden.medicines()).isEqualTo(6);
        assertThat(burden.dosesPerDay()).isEqualByComparingTo("5");
        assertThat(burden.untold()).isEqualTo(1);
        assertThat(burden.polypharmacy()).isTrue();
        assertThat(burden.highRisk()).containsExactly("insulin-glargine", "warfarin");
    }

    @Test
    void whatIsShutToACallerIsNotTakenForOmitted() {
        ada.home("314076");
        ada.home("warfarin");
        ada.discharge("314076").setDosageInstruction(List.of(dosage("20", "mg", 1)));
        ada.discharge("warfarin");
        Set<ResourceKey> shown = Set.of(
                ResourceKey.of("MedicationRequest", "r0"),
                ResourceKey.of("MedicationRequest", "r1"),
                ResourceKey.of("MedicationRequest", "r2"));
        Reconciliation seen = ada.compared().within(shown, Prescriptions.MEDICINES, Prescriptions.RULES);
        assertThat(seen.differences()).extracting(Difference::kind).containsExactly(DifferenceKind.DOSE_CHANGED);
        assertThat(seen.rows()).hasSize(2);
        assertThat(seen.burden().getLast().medicines()).isEqualTo(1);
    }
}
