package org.careloop.fhirvalidation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.Test;

class SilentTextsTest {

    @Test
    void takesValuesOutAlsoOfWhatADefinitionHasInCommonWithEveryResource() {
        // Given
        PlanDefinition plan = new PlanDefinition();
        plan.setTitle("In the title");
        plan.addExtension("http://example.org/x", new StringType("In an extension"));
        plan.addContained(new Observation().setValue(new StringType("In a contained one")));
        // When
        String text = new SilentTexts(plan).of("wrong: In the title, In an extension, In a contained one");
        // Then
        assertThat(text).isEqualTo("wrong: ..., ..., ...");
    }
}
