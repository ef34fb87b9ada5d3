package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.careloop.ruledata.RuleData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see <a href="https://doi.org/10.1097/01.mlr.0000182534.19832.83">Quan et al. 2005</a> */
class CharlsonTableTest {

    private static final CharlsonTable TABLE =
            RuleData.fromResource(LaceTable.class, "rules/lace-2010.yaml").charlson();

    @ParameterizedTest
    @CsvSource({
        "I25.2, myocardial infarction, 1",
        "I63.9, cerebrovascular disease, 1",
        "I73.9, peripheral vascular disease, 1",
        "E11.9, diabetes without complications, 1",
        "I50.23, congestive heart failure, 2",
        "E11.22, diabetes with end-organ damage, 2",
        "J44.1, chronic pulmonary disease, 2",
        "K74.60, mild liver or renal disease, 2",
        "N18.30, mild liver or renal disease, 2",
        "C50.911, any tumour, 2",
        "C02.9, any tumour, 2",
        "C83.30, any tumour, 2",
        "F01.50, dementia, 3",
        "M06.9, connective tissue disease, 3",
        "B20, AIDS, 4",
        "N18.6, moderate or severe liver or renal disease, 4",
        "K76.6, moderate or severe liver or renal disease, 4",
        "C79.51, metastatic solid tumour, 6"
    })
    void recognisesEachCondition(String code, String condition, int weight) {
        assertThat(TABLE.conditionsOf(List.of(code))).containsExactly(condition);
        assertThat(TABLE.weightOf(List.of(code))).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource({"E11.9 E11.22, 2", "K74.60 K76.6, 4", "C50.911 C79.51, 6", "N18.30 N18.6, 4"})
    void countsTheGraverFormOnly(String codes, int weight) {
        assertThat(TABLE.weightOf(List.of(codes.split(" ")))).isEqualTo(weight);
    }

    @Test
    void countsAConditionOnceHoweverManyCodesSayIt() {
        assertThat(TABLE.weightOf(List.of("I50.23", "I50.9", "I11.0"))).isEqualTo(2);
    }

    @Test
    void readsCodesWithoutTheDotAndInLowerCase() {
        assertThat(TABLE.weightOf(List.of("i5023"))).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"I10", "Z00.0", "C44.9", "K25.9", "G81.9"})
    void givesNothingForOtherCodes(String code) {
        assertThat(TABLE.weightOf(List.of(code))).isZero();
    }
}
