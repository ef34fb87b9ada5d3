package org.careloop.transitions.domain.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.document.KnownRecord.allergy;
import static org.careloop.transitions.domain.document.KnownRecord.json;
import static org.careloop.transitions.domain.document.KnownRecord.noKnownAllergy;
import static org.careloop.transitions.domain.document.KnownRecord.observation;
import static org.careloop.transitions.domain.document.KnownRecord.references;
import static org.careloop.transitions.domain.document.KnownRecord.section;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.transitions.domain.document.TransitionDocument.Made;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

/** What of a record goes into which section, and what a section says of the rest. */
class SectionContentTest {

    private final KnownRecord ada = new KnownRecord();
    private final List<Resource> record = ada.resources();

    @Test
    void saysThatThereIsNothingWhereTheRecordSaysSo() {
        // Given
        record.add(noKnownAllergy());
        // When
        Made made = ada.made();
        // Then
        SectionComponent allergies = section(made, "48765-2");
        assertThat(allergies.getEmptyReason().getCodingFirstRep().getCode()).isEqualTo("nilknown");
        assertThat(allergies.getText().getDivAsString()).contains("None known: No known allergy");
        assertThat(references(made)).doesNotContain("AllergyIntolerance/none");
    }

    @Test
    void ofVitalSignsTheNewestOfEachKindAndOfResultsThoseOfTheStay() {
        // Given
        record.add(observation("old", "vital-signs", "2026-03-04T10:00:00Z", "8867-4"));
        record.add(observation("new", "vital-signs", "2026-03-07T10:00:00Z", "8867-4"));
        record.add(observation("before", "laboratory", "2025-10-04T10:00:00Z", "718-7"));
        record.add(observation("within", "laboratory", "2026-03-04T10:00:00Z", "718-7"));
        Observation uncategorized = observation("uncategorized", "", "2026-03-05T10:00:00Z", "6301-6");
        uncategorized.setCategory(List.of());
        record.add(uncategorized);
        record.add(observation("survey", "survey", "2026-03-05T10:00:00Z", "44261-6"));
        // When
        Made made = ada.made();
        // Then
        assertThat(section(made, "30954-2").getEntry())
                .extracting(Reference::getReference)
                .contains("Observation/within", "Observation/uncategorized")
                .doesNotContain("Observation/survey");
        assertThat(references(made))
                .contains("Observation/new", "Observation/within")
                .doesNotContain("Observation/old", "Observation/before");
    }

    @Test
    void nothingIsCutOffSilently() {
        // Given
        for (int i = 0; i < 103; i++) {
            record.add(allergy("a" + i));
        }
        // When
        SectionComponent allergies = section(ada.made(), "48765-2");
        // Then
        assertThat(allergies.getEntry()).hasSize(100);
        assertThat(allergies.getText().getDivAsString()).contains("holds 3 more");
    }

    @Test
    void whatOthersWroteIsEscaped() {
        // Given
        AllergyIntolerance allergy = allergy("a1");
        allergy.getCode().setText("<script>alert(\"x\")</script> & \u0001more");
        record.add(allergy);
        // When
        String text = section(ada.made(), "48765-2").getText().getDivAsString();
        // Then
        assertThat(text).doesNotContain("<script>").contains("&lt;script&gt;", "&amp; more");
        assertThat(FhirJson.parse(json(ada.made()).getBytes(StandardCharsets.UTF_8))
                        .fhirType())
                .isEqualTo("Bundle");
    }
}
