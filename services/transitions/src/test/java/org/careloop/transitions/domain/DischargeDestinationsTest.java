package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DischargeDestinationsTest {

    private static final String NUBC = "https://www.nubc.org/CodeSystem/PatDischargeStatus";

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "01, HOME",
        "03, SKILLED_NURSING",
        "04, ASSISTED_LIVING",
        "4, ASSISTED_LIVING",
        "63, LONG_TERM_CARE",
        "64, LONG_TERM_CARE",
        "zz, OTHER"
    })
    void readsPatientDischargeStatus(String code, DischargeDestination destination) {
        CodeableConcept disposition = new CodeableConcept(new Coding(NUBC, code, null));
        assertThat(DischargeDestinations.shipped().of(disposition)).isEqualTo(destination);
    }

    @ParameterizedTest
    @CsvSource({"long, LONG_TERM_CARE", "home, HOME"})
    void ourOwnCodeCountsBeforeTheSenders(String code, DischargeDestination sender) {
        // Given
        CodeableConcept disposition = new CodeableConcept(
                new Coding("http://terminology.hl7.org/CodeSystem/discharge-disposition", code, null));
        assertThat(DischargeDestinations.shipped().of(disposition)).isEqualTo(sender);
        // When
        disposition.addCoding(DischargeDestination.ASSISTED_LIVING.coding());
        // Then
        assertThat(DischargeDestinations.shipped().of(disposition)).isEqualTo(DischargeDestination.ASSISTED_LIVING);
    }
}
