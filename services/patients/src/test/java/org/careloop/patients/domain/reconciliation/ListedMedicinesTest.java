package org.careloop.patients.domain.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.domain.reconciliation.Prescriptions.dosage;
import static org.careloop.patients.domain.reconciliation.Prescriptions.medicine;

import java.util.List;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.ListResource.ListStatus;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.MedicationRequest.MedicationRequestStatus;
import org.hl7.fhir.r4.model.MedicationStatement;
import org.hl7.fhir.r4.model.MedicationStatement.MedicationStatementStatus;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** On which list something is, and what several entries of one medicine come to. */
class ListedMedicinesTest {

    private static final String LISINOPRIL = "ingredients:lisinopril";
    private final Prescriptions ada = new Prescriptions();

    private MedicationStatement said(String asserted) {
        MedicationStatement said = ada.statement("warfarin", MedicationStatementStatus.ACTIVE);
        said.setContext(new Reference(Prescriptions.STAY)).setDateAssertedElement(new DateTimeType(asserted));
        return said;
    }

    private List<MedicineList> lists() {
        return ada.compared().rows().stream()
                .flatMap(row -> row.entries().stream())
                .map(ListedMedicine::list)
                .toList();
    }

    @Test
    void whatIsToldOnTheDayOfDischargeBeforeItIsOfBefore() {
        MedicationStatement said = said("2026-11-14T09:00:00-05:00");
        assertThat(lists()).containsExactly(MedicineList.HOME);
        said.setDateAssertedElement(new DateTimeType("2026-11-14T15:00:00-05:00"));
        assertThat(lists()).containsExactly(MedicineList.DISCHARGE);
        // No time of day is told, so the day counts.
        said.setDateAssertedElement(new DateTimeType("2026-11-14"));
        assertThat(lists()).containsExactly(MedicineList.DISCHARGE);
    }

    @Test
    void whatIsToldBeforeTheDischargeAndBeginsWithItIsOfTheDischarge() {
        said("2026-11-14T09:00:00-05:00")
                .setEffective(new Period().setStartElement(new DateTimeType("2026-11-14T18:00:00-05:00")));
        assertThat(lists()).containsExactly(MedicineList.DISCHARGE);
    }

    @Test
    void whatBeginsOnTheDayOfDischargeIsOfTheDischarge() {
        said("2026-11-14T09:00:00-05:00").setEffective(new Period().setStartElement(new DateTimeType("2026-11-14")));
        assertThat(lists()).containsExactly(MedicineList.DISCHARGE);
    }

    @Test
    void whatTwoListsNameIsOnBoth() {
        ada.statement("warfarin", MedicationStatementStatus.ACTIVE);
        list("42346-7");
        list("10183-2");
        assertThat(lists()).containsExactlyInAnyOrder(MedicineList.HOME, MedicineList.DISCHARGE);
        assertThat(ada.found()).doesNotContain("list-missing high discharge");
    }

    private void list(String code) {
        ListResource list =
                new ListResource().setStatus(ListStatus.CURRENT).setEncounter(new Reference(Prescriptions.STAY));
        list.getCode().addCoding().setSystem("http://loinc.org").setCode(code);
        list.addEntry().setItem(new Reference("MedicationStatement/s0"));
        ada.lists.add(list);
    }

    @Test
    void whatWasStoppedAtHomeAndIsBackIsTold() {
        MedicationRequest stopped = ada.home("warfarin").setStatus(MedicationRequestStatus.STOPPED);
        stopped.setStatusReason(new CodeableConcept().setText("bleeding"));
        ada.discharge("warfarin");
        assertThat(ada.found()).containsExactly("resumed high ingredients:warfarin");
        stopped.setStatus(MedicationRequestStatus.ACTIVE);
        assertThat(ada.found()).isEmpty();
    }

    @Test
    void onePairThatAgreesHidesNoOtherThatDiffers() {
        ada.home("314076");
        ada.discharge("314076");
        ada.home("lisinopril 40 mg").setDosageInstruction(List.of(dosage("40", "mg", 1)));
        assertThat(ada.found()).contains("dose-changed moderate " + LISINOPRIL);
    }

    @Test
    void whatAPersonSaysTheyTakeCountsBesideThePrescription() {
        ada.home("314076");
        ada.discharge("314076");
        MedicationStatement said = ada.statement("lisinopril", MedicationStatementStatus.ACTIVE);
        assertThat(ada.found()).isEmpty();
        said.addDosage(dosage("20", "mg", 1));
        assertThat(ada.found()).containsExactly("dose-changed moderate " + LISINOPRIL);
        said.setDosage(List.of(dosage("1", "tablet", 1)));
        assertThat(ada.found()).isEmpty();
    }

    @Test
    void twoPrescriptionsOfOneDoseAreNotOne() {
        ada.home("314076");
        ada.home("314076");
        ada.discharge("314076");
        assertThat(ada.found()).containsExactly("dose-changed moderate " + LISINOPRIL);
    }

    @Test
    void theNumberOfAnIngredientIsOfNoProduct() {
        tablets(ada.home("x"), "29046");
        MedicationRequest after = ada.discharge("x");
        tablets(after, "29046");
        assertThat(ada.found()).containsExactly("dosage-unknown low " + LISINOPRIL);
        tablets(after, "314076");
        assertThat(ada.found()).containsExactly("dosage-unknown low " + LISINOPRIL);
        tablets(ada.home("x"), "314076");
        assertThat(ada.found()).doesNotContain("dose-changed moderate " + LISINOPRIL);
    }

    @Test
    void theNameAloneTellsNoStrength() {
        ada.home("lisinopril").setDosageInstruction(List.of(dosage("1", "tablet", 1)));
        ada.discharge("lisinopril").setDosageInstruction(List.of(dosage("1", "tablet", 1)));
        assertThat(ada.found()).containsExactly("dosage-unknown low " + LISINOPRIL);
    }

    private static void tablets(MedicationRequest request, String code) {
        request.setMedication(medicine(code));
        request.setDosageInstruction(List.of(dosage("1", "tablet", 1)));
    }

    @Test
    void twoMedicinesOfWhichNothingIsKnownAreTwo() {
        for (String id : List.of("one", "two")) {
            ada.discharge("x").setMedication(new Reference("Medication/" + id)).setReasonCode(List.of());
        }
        assertThat(ada.compared().rows()).hasSize(2);
        assertThat(ada.found())
                .filteredOn(each -> each.startsWith("new-without-indication"))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }
}
