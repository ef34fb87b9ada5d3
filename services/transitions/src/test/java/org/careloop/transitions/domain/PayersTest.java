package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Coverage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayersTest {

    private static final Payers PAYERS = Payers.standard();

    @ParameterizedTest
    @CsvSource({
        "https://nahdo.org/sopt, 1, MEDICARE",
        "https://nahdo.org/sopt, 112, MEDICARE",
        "https://nahdo.org/sopt, 2, MEDICAID",
        "https://nahdo.org/sopt, 512, COMMERCIAL",
        "https://nahdo.org/sopt, 81, SELF",
        "https://nahdo.org/sopt, 9999, OTHER",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode, PPO, COMMERCIAL",
        "urn:other, 1, OTHER"
    })
    void readsTheTypeOfACoverage(String system, String code, String payer) {
        assertThat(PAYERS.of(new Coverage().setType(new CodeableConcept(new Coding(system, code, null)))))
                .isEqualTo(payer);
    }

    @Test
    void ofSeveralTheFirstOfTheOrderCounts() {
        assertThat(PAYERS.first(List.of("OTHER", "COMMERCIAL", "MEDICARE"))).contains("MEDICARE");
        assertThat(PAYERS.first(Set.of())).isEmpty();
    }
}
