package org.careloop.patients.domain.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.patients.domain.reconciliation.Prescriptions.MEDICINES;
import static org.careloop.patients.domain.reconciliation.Prescriptions.medicine;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which medicine a text or code is of, and to what an allergy is one. */
class MedicinesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "amoxicillin-clavulanate 875-125 mg|amoxicillin+clavulanate",
                "lisinopril, hydrochlorothiazide|hydrochlorothiazide+lisinopril",
                "lisinopril-frobnicol|lisinopril+text:frobnicol",
                "lisinopril, frobnicol|lisinopril+text:frobnicol",
                "Tylenol #3|acetaminophen+codeine",
                "Tylenol 500 mg caplet|acetaminophen",
                "Tylenol PM|acetaminophen+text:pm",
                "Humulin 70/30 100 unit/mL|insulin-isophane+insulin-regular",
                "Humulin N KwikPen|insulin-isophane",
                "Diovan HCT 160/12.5|hydrochlorothiazide+valsartan",
                "co-trimoxazole DS|sulfamethoxazole+trimethoprim",
                "losartan potassium 50 MG Oral Tablet|losartan",
                "24 HR metoprolol succinate 50 MG Extended-Release Oral Tablet|metoprolol",
                "take one aspirin 81 mg chewable tablet by mouth daily|aspirin",
                "calcium carbonate / cholecalciferol|cholecalciferol+text:calcium carbonate",
                "frobnicol|"
            })
    void allPartsOfATextCount(String text, String ingredients) {
        assertThat(MEDICINES.identify(medicine(text)).ingredients())
                .isEqualTo(ingredients == null ? Set.of() : new TreeSet<>(Arrays.asList(ingredients.split("[+]"))));
    }

    @Test
    void saltsThatAreTheMedicineAreNotOne() {
        assertThat(key("potassium chloride 20 mEq")).isEqualTo("ingredients:potassium-chloride");
        assertThat(key("sodium chloride 1 g tablet")).isEqualTo("name:sodium chloride");
        assertThat(key("calcium chloride")).isEqualTo("name:calcium chloride");
        assertThat(key("calcium carbonate 500 mg chewable")).isEqualTo("name:calcium carbonate");
        assertThat(key("sodium bicarbonate")).isEqualTo("name:sodium bicarbonate");
        assertThat(key("magnesium citrate")).isEqualTo("name:magnesium citrate");
        assertThat(key("potassium citrate")).isEqualTo("name:potassium citrate");
        assertThat(key("Frobnicol sodium 5 mg")).isEqualTo("name:frobnicol");
    }

    private static String key(String text) {
        return MEDICINES.identify(medicine(text)).key();
    }

    @Test
    void onlyNumbersOfProductsAreProducts() {
        assertThat(MEDICINES.identify(medicine("29046")).products()).isEmpty();
        assertThat(MEDICINES.identify(medicine("10831")).products()).isEmpty();
        assertThat(MEDICINES.identify(medicine("314076")).products()).hasSize(1);
        CodeableConcept packed =
                new CodeableConcept().addCoding(new Coding("http://hl7.org/fhir/sid/ndc", "0000-0000-00", null));
        assertThat(MEDICINES.identify(packed).products()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Penicillin",
                "Allergy to penicillin",
                "Penicillin allergy (disorder)",
                "PCN",
                "pcn - hives",
                "Penicillin class of antibiotic",
                "beta-lactam antibiotics"
            })
    void groupsAreFoundWhereverTheyAreNamed(String text) {
        assertThat(MEDICINES.allergens(medicine(text))).contains("amoxicillin");
    }

    @Test
    void otherGroupsByTheirCommonNamesToo() {
        assertThat(MEDICINES.allergens(medicine("sulfa drugs"))).containsExactly("sulfamethoxazole");
        assertThat(MEDICINES.allergens(medicine("Intolerance to statins (muscle pain)")))
                .contains("atorvastatin");
        assertThat(MEDICINES.allergens(medicine("Non-steroidal anti-inflammatory")))
                .contains("naproxen");
        assertThat(MEDICINES.allergens(medicine("latex"))).isEmpty();
    }

    @Test
    void theSubstanceOfAReactionCountsToo() {
        Prescriptions ada = new Prescriptions();
        ada.home("amoxicillin");
        ada.discharge("amoxicillin");
        AllergyIntolerance allergy = ada.allergy("antibiotic");
        assertThat(ada.found()).isEmpty();
        allergy.addReaction().setSubstance(medicine("Penicillin"));
        assertThat(ada.found()).containsExactly("allergy high AllergyIntolerance/a0 MedicationRequest/r1");
    }

    @Test
    void anAllergyToWhatTheTableDoesNotKnowIsFoundByItsName() {
        Prescriptions ada = new Prescriptions();
        ada.home("Frobnicol 10 mg");
        ada.discharge("Frobnicol 10 mg");
        ada.allergy("frobnicol allergy");
        assertThat(ada.found()).containsExactly("allergy high AllergyIntolerance/a0 MedicationRequest/r1");
    }
}
