package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** @see <a href="https://hl7.org/fhir/R4/references.html#literal">FHIR R4 literal references</a> */
class ResourceKeyTest {

    @ParameterizedTest
    @ValueSource(strings = {"Patient/a.1", "Patient/a.1/_history/3"})
    void readsRelativeReferencesAndForgetsTheirVersion(String reference) {
        assertThat(ResourceKey.parse(reference)).contains(ResourceKey.of("Patient", "a.1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Patient",
                "Patient/",
                "patient/1",
                "Patient/1/2",
                "Patient/a b",
                "#1",
                "urn:uuid:1",
                "http://other.example/fhir/Patient/1",
                "Patient/1/_history/",
                "/Patient/1",
                "Patient/1\n"
            })
    void isEmptyForEveryOtherForm(String reference) {
        assertThat(ResourceKey.parse(reference)).isEmpty();
    }

    @Test
    void isWrittenAsRelativeReference() {
        assertThat(ResourceKey.of("Task", "7").reference()).isEqualTo("Task/7");
    }

    @Test
    void refusesAnInvalidId() {
        assertThatThrownBy(() -> ResourceKey.of("Task", "a/b")).hasMessageStartingWith("INVALID_ID");
    }
}
