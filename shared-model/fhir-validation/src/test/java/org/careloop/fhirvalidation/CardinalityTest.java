package org.careloop.fhirvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.assertj.core.api.Assertions;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Expression;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;

class CardinalityTest {

    @Test
    void takesAResourceThatHasThem() {
        // Given
        Observation observation = new Observation()
                .setStatus(Observation.ObservationStatus.FINAL)
                .setCode(new CodeableConcept().setText("x"));
        // Then
        assertThatCode(() -> StructureRules.check(observation)).doesNotThrowAnyException();
    }

    @Test
    void namesEveryOneThatIsMissing() {
        assertThat(missing(new Observation())).containsExactly("Observation.status", "Observation.code");
    }

    @Test
    void looksIntoBackboneElements() {
        // Given
        Patient patient = new Patient();
        patient.addCommunication().setPreferred(true);
        patient.addCommunication().setLanguage(new CodeableConcept().setText("x"));
        patient.addLink().setType(Patient.LinkType.SEEALSO);
        // Then
        assertThat(missing(patient)).containsExactly("Patient.communication[0].language", "Patient.link[0].other");
    }

    @Test
    void callsAChoiceByItsCommonName() {
        // Given
        Group group = new Group().setType(Group.GroupType.PERSON).setActual(true);
        group.addCharacteristic().setCode(new CodeableConcept().setText("x")).setExclude(false);
        // Then
        assertThat(missing(group)).containsExactly("Group.characteristic[0].value");
    }

    @Test
    void looksIntoContainedAndBundledResources() {
        // Given
        Patient patient = new Patient();
        Observation contained = new Observation().setCode(new CodeableConcept().setText("x"));
        contained.setId("o");
        patient.addContained(contained);
        patient.addExtension("http://example.org/finding", new Reference("#o"));
        Bundle bundle = new Bundle().setType(Bundle.BundleType.COLLECTION);
        bundle.addEntry().setResource(patient);
        // Then
        assertThat(missing(bundle)).containsExactly("Bundle.entry[0].resource.contained[0].status");
    }

    @Test
    void looksIntoDefinitionsAndWhatTheyHaveInCommonWithEveryResource() {
        // Given
        PlanDefinition plan = new PlanDefinition();
        plan.addGoal().addTarget().setMeasure(new CodeableConcept().setText("x"));
        plan.addAction().addAction().addCondition().setExpression(new Expression().setExpression("true"));
        plan.addExtension().setValue(new BooleanType(true));
        Observation contained = new Observation().setCode(new CodeableConcept().setText("x"));
        contained.setId("o");
        plan.addContained(contained);
        plan.addExtension("http://example.org/finding", new Reference("#o"));
        plan.getText().setDivAsString("<div xmlns='http://www.w3.org/1999/xhtml'>x</div>");
        Questionnaire questionnaire = new Questionnaire().setStatus(PublicationStatus.DRAFT);
        questionnaire
                .addItem()
                .setLinkId("1")
                .setType(QuestionnaireItemType.GROUP)
                .addItem()
                .setLinkId("2");
        // Then
        assertThat(missing(plan))
                .contains(
                        "PlanDefinition.status",
                        "PlanDefinition.goal[0].description",
                        "PlanDefinition.action[0].action[0].condition[0].kind",
                        "PlanDefinition.extension[0].url",
                        "PlanDefinition.contained[0].status",
                        "PlanDefinition.text.status");
        assertThat(missing(questionnaire)).contains("Questionnaire.item[0].item[0].type");
    }

    private static List<String> missing(Resource resource) {
        FhirProblem problem = Assertions.catchThrowableOfType(FhirProblem.class, () -> StructureRules.check(resource));
        assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_RESOURCE);
        return problem.issues().stream()
                .map(issue -> {
                    String path = issue.expression().orElseThrow();
                    assertThat(issue.diagnostics()).isEqualTo(path + ": missing (expected: at least 1)");
                    return path;
                })
                .toList();
    }
}
