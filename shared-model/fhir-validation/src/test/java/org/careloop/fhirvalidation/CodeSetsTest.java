package org.careloop.fhirvalidation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.careloop.fhirvalidation.internal.CodeExpansion;
import org.careloop.fhirvalidation.internal.PackageFolder;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/valueset.html">FHIR R4 ValueSet</a> */
class CodeSetsTest {

    private static final String ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final CodeSets.Known KNOWN = new CodeExpansion(new PackageFolder().resources());

    @Test
    void listsCodesBySystem() {
        assertThat(KNOWN.ofValueSet("http://hl7.org/fhir/ValueSet/administrative-gender"))
                .contains(Map.of(
                        "http://hl7.org/fhir/administrative-gender", Set.of("male", "female", "other", "unknown")));
        assertThat(KNOWN.ofValueSet("http://hl7.org/fhir/ValueSet/marital-status")
                        .orElseThrow())
                .hasSize(2)
                .containsEntry("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", Set.of("UNK"));
    }

    @Test
    void knowsFiltersByKind() {
        assertThat(KNOWN.ofValueSet("http://terminology.hl7.org/ValueSet/v3-ActEncounterCode")
                        .orElseThrow()
                        .get(ACT))
                .contains("IMP", "ACUTE", "NONAC", "AMB")
                .doesNotContain("_ActCareProvisionCode");
    }

    @Test
    void climbsTheHierarchyInBothDirections() {
        assertThat(KNOWN.below(ACT, "IMP")).contains(Set.of("IMP", "ACUTE", "NONAC"));
        assertThat(KNOWN.above(ACT, "ACUTE"))
                .contains(Set.of("ACUTE", "IMP", "_ActEncounterCode", "_ActCareProvisionCode"));
        assertThat(KNOWN.below(ACT, "none")).isEmpty();
        assertThat(KNOWN.below("http://snomed.info/sct", "1")).isEmpty();
    }

    @Test
    void aValueSetThatIsNotKnownWholeIsNotKnown() {
        assertThat(KNOWN.ofValueSet("http://example.org/none")).isEmpty();
        assertThat(KNOWN.ofValueSet("http://hl7.org/fhir/ValueSet/observation-codes"))
                .isEmpty();
    }
}
