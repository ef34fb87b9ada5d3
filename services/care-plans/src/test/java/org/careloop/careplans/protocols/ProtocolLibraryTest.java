package org.careloop.careplans.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.careplans.domain.DischargeFacts;
import org.careloop.careplans.domain.Discharges;
import org.careloop.careplans.domain.FactsPrint;
import org.careloop.careplans.domain.Protocol;
import org.careloop.careplans.domain.ProtocolApplication;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirvalidation.StructureRules;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolLibraryTest {

    private final ProtocolLibrary library = ProtocolLibrary.bundled();

    @Test
    void appliesGeneralProtocolToEveryDischarge() {
        // When
        List<Protocol> protocols = library.protocolsFor(Discharges.of("01", Optional.empty()));
        // Then
        assertThat(protocols)
                .extracting(Protocol::canonical)
                .containsExactly("https://careloop.org/fhir/PlanDefinition/general-adult-discharge|2026.1.0");
    }

    @ParameterizedTest
    @CsvSource({"I50.9, true", "I509, true", "I11.0, true", "I110, true", "I13.2, true", "I11.9, false", "I48.0, false"
    })
    void addsHeartFailureProtocolByDiagnosis(String diagnosis, boolean isAdded) {
        // When
        List<Protocol> protocols = library.protocolsFor(Discharges.of("01", Optional.empty(), "K80.20", diagnosis));
        // Then
        assertThat(protocols.stream().map(Protocol::id).toList())
                .isEqualTo(
                        isAdded
                                ? List.of("general-adult-discharge", "heart-failure-discharge")
                                : List.of("general-adult-discharge"));
    }

    /** Diagnoses, age ("" for no birth date) and the protocols beside the general one for adults (a) or children (c). */
    @ParameterizedTest
    @CsvSource({
        "J44.1, 70, a copd",
        "J441, 70, a copd",
        "J43.9, 70, a copd",
        "J42, 70, a copd",
        "J41.0, 70, a copd",
        "J40, 70, a",
        "J45.901, 70, a",
        "J44.1, 18, a copd",
        "J44.1, 17, c",
        "J44.1 I50.9, 70, a heart-failure copd",
        "M17.11, 66, a joint-replacement",
        "M16.0, 66, a joint-replacement",
        "M15.0, 66, a",
        "I50.9 M17.11, 66, a heart-failure",
        "J18.9 Z96.651, 66, a",
        "J18.9 Z47.1, 66, a joint-replacement",
        "M17.11 Z47.1, 66, a joint-replacement",
        "M17.11, 17, c",
        "F32.2, 40, a behavioral-health",
        "F20.0, 40, a behavioral-health",
        "F31.9, '', a behavioral-health",
        "F10.20, 40, a",
        "F03.90, 80, a",
        "K80.20 F32.2, 40, a",
        "S61.512A T14.91XA, 40, a behavioral-health",
        "S61.512A X78.1XXA, 40, a behavioral-health",
        "F32.2, 17, c behavioral-health",
        "F43.10, 6, c behavioral-health",
        "F43.10, 5, c",
        "J45.41, 17, c pediatric-asthma",
        "J45.41, 18, a",
        "J45.41, 2, c pediatric-asthma",
        "J45.41, 1, c",
        "J46, 9, c",
        "K35.80, 9, c",
        "I50.9, 9, c",
        "J45.41, '', a",
    })
    void selectsProtocolsByDiagnosisAndAge(String diagnoses, String age, String expected) {
        // Given
        String[] codes = diagnoses.split(" ");
        DischargeFacts facts = age.isEmpty()
                ? Discharges.of("01", Optional.of("low"), codes)
                : Discharges.bornOn(LocalDate.of(2026, 3, 7).minusYears(Long.parseLong(age)), codes);
        // When
        String selected = library.protocolsFor(facts).stream()
                .map(protocol -> protocol.id().replace("-discharge", ""))
                .collect(Collectors.joining(" "))
                .replace("general-adult", "a")
                .replace("general-pediatric", "c");
        // Then
        assertThat(selected).isEqualTo(expected);
        List<String> activities =
                ProtocolApplication.apply(facts, library.protocolsFor(facts), Discharges.AT)
                        .plan()
                        .getActivity()
                        .stream()
                        .map(activity -> activity.getId())
                        .toList();
        assertThat(activities).doesNotHaveDuplicates().contains("outreach", "medication-reconciliation");
    }

    @ParameterizedTest
    @CsvSource({
        "readmission-unplanned, true",
        "same-day-return, true",
        "readmission-planned, false",
        "direct-transfer, false",
        // Came back, and was transferred then
        "direct-transfer readmission-unplanned, true",
        "direct-transfer same-day-return, true",
        "direct-transfer readmission-planned, false",
        "post-acute-admission, false",
        "post-acute-admission readmission-unplanned, true",
        ", false"
    })
    void asksForAReviewOfWhoCameBackWithoutAPlanTo(String relation, boolean isAsked) {
        // Given
        DischargeFacts home = Discharges.home();
        DischargeFacts facts = new DischargeFacts(
                home.patient(),
                home.encounter(),
                home.episode(),
                home.discharge(),
                home.diagnoses(),
                home.riskBand(),
                home.milestones(),
                home.parties(),
                home.birthDate(),
                relation == null ? Set.of() : Set.of(relation.split(" ")));
        // When
        List<String> protocols =
                library.protocolsFor(facts).stream().map(Protocol::id).toList();
        // Then
        assertThat(protocols.contains("readmission-review")).isEqualTo(isAsked);
        // And a print of before this was known stands for none.
        FactsPrint print = FactsPrint.of(facts);
        String former = print.text()
                .lines()
                .filter(line -> !line.startsWith("STAY_RELATION"))
                .collect(Collectors.joining("\n"));
        assertThat(print.changedSince(FactsPrint.parse(former)).isEmpty()).isEqualTo(relation == null);
    }

    @Test
    void isValidR4() {
        for (Resource definition : library.definitions()) {
            // When
            List<FhirProblem.Issue> issues = StructureRules.faults(definition, definition.fhirType());
            // Then
            assertThat(issues).as(definition.getIdElement().getIdPart()).isEmpty();
        }
    }

    @Test
    void everyGoalIsMeasurableAndDueAndEveryRuleHasItsSource() {
        for (PlanDefinition plan : plans()) {
            assertThat(plan.getGoal()).as(plan.getId()).isNotEmpty().allSatisfy(goal -> {
                assertThat(goal.getTargetFirstRep().hasMeasure())
                        .as(goal.getId())
                        .isTrue();
                assertThat(goal.getTargetFirstRep().hasDetail())
                        .as(goal.getId())
                        .isTrue();
                assertThat(goal.getTargetFirstRep().getDue().getCode())
                        .as(goal.getId())
                        .isEqualTo("d");
            });
            assertThat(plan.getRelatedArtifact()).isNotEmpty();
            assertThat(plan.getAction())
                    .as(plan.getId())
                    .isNotEmpty()
                    .allSatisfy(action -> assertThat(action.getDocumentation())
                            .as(action.getId())
                            .isNotEmpty()
                            .allSatisfy(
                                    source -> assertThat(source.getCitation()).isNotBlank()));
        }
    }

    @Test
    void everySpecialProtocolTeachesAndHasItTaughtBack() {
        // When
        List<PlanDefinition> special = plans().stream()
                .filter(plan -> plan.getId().endsWith("-discharge"))
                .filter(plan -> !plan.getId().contains("general"))
                .toList();
        // Then
        assertThat(special)
                .hasSize(5)
                .allSatisfy(plan -> assertThat(plan.getAction())
                        .anySatisfy(action ->
                                assertThat(definition(action).getDescription()).contains("told back")));
    }

    private List<PlanDefinition> plans() {
        return library.definitions().stream()
                .filter(PlanDefinition.class::isInstance)
                .map(PlanDefinition.class::cast)
                .toList();
    }

    private ActivityDefinition definition(PlanDefinition.PlanDefinitionActionComponent action) {
        return library.definitions().stream()
                .filter(ActivityDefinition.class::isInstance)
                .map(ActivityDefinition.class::cast)
                .filter(each -> (each.getUrl() + "|" + each.getVersion())
                        .equals(action.getDefinitionCanonicalType().getValue()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void servesDefinitionsAsResources() {
        // When
        List<Resource> definitions = library.definitions();
        // Then
        assertThat(definitions.stream().filter(PlanDefinition.class::isInstance))
                .hasSize(8);
        assertThat(definitions.stream().filter(ActivityDefinition.class::isInstance))
                .hasSize(28);
        assertThat(definitions).allSatisfy(definition -> {
            String json = new String(FhirJson.write(definition), StandardCharsets.UTF_8);
            assertThat(json).isEqualToIgnoringWhitespace(file(definition));
        });
        assertThat(library.version()).isEqualTo("2026.3.0");
    }

    @Test
    void handsOutCopiesOfDefinitions() {
        // When
        library.definitions().getFirst().setId("spoilt");
        // Then
        assertThat(library.definitions().getFirst().getIdElement().getIdPart()).isEqualTo("general-adult-discharge");
    }

    private static String file(Resource definition) {
        String folder = definition instanceof ActivityDefinition ? "/protocols/activity/" : "/protocols/";
        String name = folder + definition.getIdElement().getIdPart() + ".json";
        try (InputStream file = ProtocolLibraryTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                          | file: not a mapping",
                "{protocols: []}                                             | version: missing",
                "{version: '1'}                                              | protocols: not a list",
                "{version: '1', protocols: [{when: []}]}                     | protocol: missing",
                "{version: '1', protocols: [{protocol: a, when: {}}]}        | when: not a list",
                "{version: '1', protocols: [{protocol: a, when: [{fact: weather, in: [sun]}]}]}   | fact: unknown",
                "{version: '1', protocols: [{protocol: a, when: [{fact: disposition, in: []}]}]}  | in: missing",
                "{version: '1', protocols: [{protocol: a, when: [{fact: disposition, in: [06]}]}]} | in: not a text",
            })
    void refusesFaultySelection(String yaml, String problem) {
        // When, Then
        assertThatThrownBy(() -> SelectionFile.read(yaml.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(problem);
    }
}
