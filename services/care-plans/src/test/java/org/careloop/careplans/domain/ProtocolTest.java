package org.careloop.careplans.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.careloop.careplans.protocols.ProtocolLibrary;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {

    @ParameterizedTest
    @MethodSource
    void refusesFaultyProtocol(Consumer<PlanDefinition> fault, String problem) {
        // Given
        Map<String, ActivityDefinition> activities = new HashMap<>();
        List<Resource> definitions = ProtocolLibrary.bundled().definitions();
        definitions.stream()
                .filter(ActivityDefinition.class::isInstance)
                .map(ActivityDefinition.class::cast)
                .forEach(activity -> activities.put(activity.getUrl() + "|" + activity.getVersion(), activity));
        PlanDefinition plan = (PlanDefinition) definitions.getFirst();
        fault.accept(plan);
        // When, Then
        assertThatThrownBy(() -> Protocol.of(plan, activities))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(problem);
    }

    static Stream<Arguments> refusesFaultyProtocol() {
        return Stream.of(
                fault(plan -> plan.getActionFirstRep().setId(null), "id: missing"),
                fault(plan -> plan.getGoalFirstRep().setId(null), "id: missing"),
                fault(plan -> plan.getActionFirstRep().getExtension().removeFirst(), "due: missing"),
                fault(
                        plan -> plan.getGoalFirstRep()
                                .getTargetFirstRep()
                                .setDue(null)
                                .getExtension()
                                .clear(),
                        "due: missing"),
                fault(
                        plan -> plan.getActionFirstRep()
                                .getDefinitionCanonicalType()
                                .setValue("urn:unknown"),
                        "definitionCanonical: unknown"),
                fault(
                        plan -> plan.getActionFirstRep().getExtension().removeLast(),
                        "goal-effect: not the goals of goalId"),
                fault(
                        plan -> plan.getActionFirstRep()
                                .getExtension()
                                .getLast()
                                .getExtensionByUrl("effect")
                                .setValue(new CodeType("spoils")),
                        "effect: unknown"),
                fault(plan -> plan.getActionFirstRep().addCondition(), "condition: has no rule"),
                fault(plan -> plan.getActionFirstRep().addGoalId("elsewhere"), "goal-effect: not the goals of goalId"));
    }

    private static Arguments fault(Consumer<PlanDefinition> fault, String problem) {
        return Arguments.of(fault, problem);
    }

    @ParameterizedTest
    @CsvSource({
        "disposition, 06, true",
        "disposition, 01, false",
        "risk-band, high, true",
        "risk-band, unknown, false",
        "diagnosis-prefix, I50, true",
        "diagnosis-prefix, I50.23, true",
        "diagnosis-prefix, I51, false",
        "principal-diagnosis-prefix, K80, true",
        "principal-diagnosis-prefix, I50, false",
    })
    void comparesFactsOfDischarge(String fact, String value, boolean holds) {
        // Given
        DischargeFacts facts = Discharges.of("06", Optional.of("high"), "K80.20", "I50.23");
        // When, Then
        assertThat(Applicability.of(fact, List.of("none", value)).holds(facts)).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "2008-03-07, 18-, true",
        "2008-03-08, 18-, false",
        "2008-03-08, 2-17, true",
        "2008-03-07, 2-17, false",
        "2024-03-07, 2-17, true",
        "2024-03-08, 2-17, false",
        "2024-03-08, unknown, false",
    })
    void comparesAgeOnDayOfDischarge(LocalDate born, String ages, boolean holds) {
        // When, Then
        assertThat(Applicability.of("age", List.of(ages)).holds(Discharges.bornOn(born, "K80.20")))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"18", "-17", "a-b", ""})
    void refusesAgesOfNoRange(String ages) {
        // When, Then
        assertThatThrownBy(() -> Applicability.of("age", List.of(ages)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("in: not an age");
    }

    @Test
    void takesAgeWithoutBirthDateAsUnknown() {
        // Given
        DischargeFacts facts = Discharges.home();
        // When, Then
        assertThat(Applicability.of("age", List.of("18-", "unknown")).holds(facts))
                .isTrue();
        assertThat(Applicability.of("age", List.of("0-120")).holds(facts)).isFalse();
    }

    @Test
    void takesRiskThatWasNotComputedAsUnknown() {
        // When, Then
        assertThat(Applicability.of("risk-band", List.of("unknown"))
                        .holds(Discharges.of("01", Optional.empty(), "K80.20")))
                .isTrue();
    }
}
