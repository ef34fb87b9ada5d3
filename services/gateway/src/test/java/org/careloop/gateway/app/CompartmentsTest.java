package org.careloop.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** @see <a href="https://hl7.org/fhir/R4/compartmentdefinition-patient.html">FHIR R4 Patient compartment</a> */
class CompartmentsTest {

    @ParameterizedTest
    @CsvSource({
        "Patient, Observation, performer subject",
        "Patient, Condition, asserter patient",
        "Patient, Patient, link",
        "Patient, Coverage, beneficiary payor policy-holder subscriber",
        "Patient, ServiceRequest, performer subject",
        "Patient, Encounter, patient",
        "Patient, Group, member",
        "Patient, Provenance, patient",
        "Patient, Appointment, actor",
        "Patient, Task, patient",
        "Patient, Organization, ''",
        "Patient, Location, ''",
        "Encounter, Observation, encounter",
        "Encounter, Task, ''",
        "Practitioner, CareTeam, participant",
        "Device, Observation, device subject"
    })
    void knowsTheParametersOfR4(String compartment, String type, String expected) {
        assertThat(Compartments.parameters(compartment, type))
                .isEqualTo(expected.isEmpty() ? Set.of() : Set.of(expected.split(" ")));
    }
}
