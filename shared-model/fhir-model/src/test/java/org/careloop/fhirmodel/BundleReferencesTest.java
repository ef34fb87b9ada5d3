package org.careloop.fhirmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;

/** @see <a href="https://hl7.org/fhir/R4/http.html#trules">FHIR R4 transaction processing rules</a> */
class BundleReferencesTest {

    private final Condition condition = new Condition()
            .setSubject(new Reference("urn:uuid:1"))
            .setEncounter(new Reference("Encounter/2"))
            .setRecorder(new Reference("urn:uuid:1"));

    @Test
    void tellsEachReferenceOnce() {
        assertThat(BundleReferences.of(condition)).containsExactlyInAnyOrder("urn:uuid:1", "Encounter/2");
    }

    @Test
    void looksIntoWhatEveryResourceHasOfADefinitionToo() {
        // Given
        PlanDefinition plan = new PlanDefinition();
        plan.addContained(condition);
        plan.addExtension("http://example.org/x", new Reference("Goal/1"));
        plan.addModifierExtension(new Extension("http://example.org/y", new Reference("Goal/2")));
        plan.addAction().setSubject(new Reference("Group/3"));
        // Then
        assertThat(BundleReferences.of(plan))
                .containsExactlyInAnyOrder("urn:uuid:1", "Encounter/2", "Goal/1", "Goal/2", "Group/3");
    }

    @Test
    void relinksWhatItKnowsAnotherPlaceOf() {
        // When
        BundleReferences.relink(
                condition,
                url -> Optional.ofNullable(Map.of("urn:uuid:1", "Patient/1").get(url)));
        // Then
        assertThat(condition.getSubject().getReference()).isEqualTo("Patient/1");
        assertThat(condition.getEncounter().getReference()).isEqualTo("Encounter/2");
    }

    @Test
    void whatIsNotStoredIsNamedByItsUrl() {
        // Given
        condition.getRecorder().setIdentifier(new Identifier().setValue("own"));
        // When
        BundleReferences.unlink(
                condition,
                url -> Optional.ofNullable(Map.of("urn:uuid:1", "Claim").get(url)));
        // Then
        Reference subject = condition.getSubject();
        assertThat(subject.hasReference()).isFalse();
        assertThat(subject.getType()).isEqualTo("Claim");
        assertThat(subject.getIdentifier().getSystem()).isEqualTo("urn:ietf:rfc:3986");
        assertThat(subject.getIdentifier().getValue()).isEqualTo("urn:uuid:1");
        assertThat(condition.getRecorder().getIdentifier().getValue()).isEqualTo("own");
        assertThat(condition.getEncounter().getReference()).isEqualTo("Encounter/2");
    }
}
