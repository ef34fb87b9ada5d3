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

    private static final Payers PAYERS = Payers.shipped();

    @ParameterizedTest
    @CsvSource({
        "https://nahdo.org/sopt, 1, MEDICARE",
        "https://nahdo.org/sopt, 112, MEDICARE",
        "https://nahdo.org/sopt, 2, MEDICAID",
        "https://nahdo.org/sopt, 512, COMMERCIAL",
        "https://nahdo.org/sopt, 81, SELF",
        "https://nahdo.org/sopt, 95, OTHER",
        "https://nahdo.org/sopt, 71, UNKNOWN",
        "https://nahdo.org/sopt, 9999, UNKNOWN",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode, EHCPOL, COMMERCIAL",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode, WCBPOL, OTHER",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode, PPO, UNKNOWN",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode, PUBLICPOL, UNKNOWN",
        "urn:other, 1, UNKNOWN",
        ", MC, UNKNOWN"
    })
    void readsTheTypeOfACoverage(String system, String code, String payer) {
        assertThat(PAYERS.of(new Coverage().setType(new CodeableConcept(new Coding(system, code, null)))))
                .isEqualTo(payer);
    }

    @Test
    void aCoverageWithoutATypeIsOfAnUnknownPayer() {
        assertThat(PAYERS.of(new Coverage())).isEqualTo("UNKNOWN");
    }

    @Test
    void anUnknownPayerMayComeBeforeAnyButTheFirst() {
        assertThat(PAYERS.first(List.of("UNKNOWN"))).isEmpty();
        assertThat(PAYERS.first(List.of("UNKNOWN", "COMMERCIAL"))).isEmpty();
        assertThat(PAYERS.first(List.of("UNKNOWN", "MEDICARE"))).contains("MEDICARE");
    }

    @Test
    void ofSeveralTheFirstOfTheOrderCounts() {
        assertThat(PAYERS.first(List.of("OTHER", "COMMERCIAL", "MEDICARE"))).contains("MEDICARE");
        assertThat(PAYERS.first(Set.of())).isEmpty();
    }
}
