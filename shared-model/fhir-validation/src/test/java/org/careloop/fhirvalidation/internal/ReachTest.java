package org.careloop.fhirvalidation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Base;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule for an element that HAPI's model does not give out would never be looked at, and nobody would notice. */
class ReachTest {

    private final Set<TypeRules> seen = new HashSet<>();
    private final List<String> unreached = new ArrayList<>();

    @Test
    void everyElementOfEveryResourceIsReached() {
        // When
        for (String type : FhirJson.context().getResourceTypes()) {
            reach(
                    FhirJson.context().getResourceDefinition(type).newInstance(),
                    Definitions.r4().type(type),
                    type);
        }
        // Then
        assertThat(unreached).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Address",
                "Dosage",
                "ElementDefinition",
                "Expression",
                "Extension",
                "RelatedArtifact",
                "Timing",
                "TriggerDefinition",
                "UsageContext"
            })
    void everyElementOfADataTypeIsReached(String type) {
        // When
        BaseRuntimeElementDefinition<?> definition = FhirJson.context().getElementDefinition(type);
        reach(definition.newInstance(), Definitions.r4().type(type), type);
        // Then
        assertThat(unreached).isEmpty();
    }

    private void reach(Object instance, TypeRules rules, String path) {
        Base element = (Base) instance;
        if (!seen.add(rules)) {
            return;
        }
        for (ElementRule rule : rules.elements()) {
            String here = path + "." + rule.name();
            if (rule.values(element) == null) {
                unreached.add(here);
            } else if (rule.children() != null) {
                reach(element.addChild(rule.name()), rule.children(), here);
            }
        }
    }
}
