package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.transitions.domain.DischargeChecklist.Known;
import org.careloop.transitions.domain.DischargeChecklist.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DischargeChecklistTest {

    private static final Instant NOON = Instant.parse("2026-03-06T17:00:00Z");
    private static final Known NOTHING = new Known(Optional.empty(), Optional.empty(), Map.of());
    private final ChecklistRules rules = ChecklistRules.shipped();

    @Test
    void allIsOpenWhereNothingWasSaid() {
        DischargeChecklist checklist = DischargeChecklist.of(rules, NOTHING, List.of());
        assertThat(checklist.items()).hasSize(14).allMatch(state -> state.status() == ChecklistStatus.OPEN);
        assertThat(checklist.isComplete()).isFalse();
    }

    @Test
    void thePlatformShowsWhatItKnows() {
        Known known = new Known(
                Optional.of(DischargeDestination.HOME),
                Optional.of(RiskBand.HIGH),
                Map.of("risk-assessment", "RiskAssessment/1", "discharge-information", "Task/2"));
        DischargeChecklist checklist = DischargeChecklist.of(rules, known, List.of());
        assertThat(state(checklist, "risk-identified"))
                .extracting(State::status, State::reason, State::evidence)
                .containsExactly(
                        ChecklistStatus.DONE, Optional.of("known-to-the-platform"), List.of("RiskAssessment/1"));
        assertThat(state(checklist, "information-sent").evidence()).containsExactly("Task/2");
        // The choice list is for those who go to post-acute care
        assertThat(checklist.items().stream()
                        .filter(state -> state.status() == ChecklistStatus.NOT_APPLICABLE)
                        .map(state -> state.item().code()))
                .containsExactly(
                        "choice-list-presented",
                        "quality-data-shared",
                        "network-shown",
                        "financial-interest-disclosed",
                        "free-choice");
        assertThat(state(checklist, "free-choice").reason()).contains("not-to-post-acute-care");
    }

    @Test
    void theLastWordCountsInWhateverOrder() {
        ChecklistEntry done = said("education", ChecklistStatus.DONE, NOON, NOTHING.basis());
        ChecklistEntry open = said("education", ChecklistStatus.OPEN, NOON.plusSeconds(1), NOTHING.basis());
        for (List<ChecklistEntry> entries : List.of(List.of(done, open), List.of(open, done))) {
            assertThat(state(DischargeChecklist.of(rules, NOTHING, entries), "education")
                            .status())
                    .isEqualTo(ChecklistStatus.OPEN);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // What was known when it was evaluated, what is known now, how it is
        "/, /, DONE",
        "/, HOME/LOW, DONE",
        "/, SKILLED_NURSING/HIGH, DONE",
        "OTHER/UNKNOWN, SKILLED_NURSING/HIGH, DONE",
        "HOME/LOW, HOME/LOW, DONE",
        "HOME/, HOME/HIGH, DONE",
        "HOME/LOW, HOME/HIGH, OPEN",
        "HOME/LOW, SKILLED_NURSING/LOW, OPEN",
        "HOME/, SKILLED_NURSING/LOW, OPEN",
        "HOME/LOW, OTHER/LOW, OPEN",
        "HOME/LOW, /, OPEN"
    })
    void anEvaluationIsAskedForAgainWhenWhatWasKnownChanges(String before, String now, ChecklistStatus status) {
        List<ChecklistEntry> entries = List.of(
                said("evaluation", ChecklistStatus.DONE, NOON, known(before).basis()),
                said("education", ChecklistStatus.DONE, NOON, known(before).basis()));
        DischargeChecklist checklist = DischargeChecklist.of(rules, known(now), entries);
        assertThat(state(checklist, "evaluation"))
                .extracting(State::status, State::reason)
                .containsExactly(status, Optional.of("changed-since").filter(reason -> status == ChecklistStatus.OPEN));
        assertThat(state(checklist, "education").status()).isEqualTo(ChecklistStatus.DONE);
    }

    @ParameterizedTest
    @CsvSource({
        // item, what was said, what was known then, what is known now, how it is, why
        "choice-list-presented, DONE, HOME_HEALTH/LOW, HOME_HEALTH/LOW, DONE, ",
        "choice-list-presented, DONE, HOME_HEALTH/LOW, SKILLED_NURSING/LOW, OPEN, changed-since",
        "choice-list-presented, DONE, HOME_HEALTH/LOW, HOME/LOW, NOT_APPLICABLE, not-to-post-acute-care",
        // Whom the patient chose does not depend on the risk
        "free-choice, DONE, HOME_HEALTH/LOW, HOME_HEALTH/HIGH, DONE, ",
        "free-choice, DONE, /, HOME_HEALTH/HIGH, DONE, ",
        "free-choice, NOT_APPLICABLE, HOME/LOW, SKILLED_NURSING/LOW, OPEN, changed-since",
        "free-choice, NOT_APPLICABLE, SKILLED_NURSING/LOW, SKILLED_NURSING/HIGH, NOT_APPLICABLE, ",
        // The patient was to go home, for all that people knew in hospital
        "free-choice, NOT_APPLICABLE, /, SKILLED_NURSING/LOW, OPEN, changed-since",
        "free-choice, NOT_APPLICABLE, /, HOME/LOW, NOT_APPLICABLE, ",
        "free-choice, NOT_APPLICABLE, /, /, NOT_APPLICABLE, ",
        // There is no plan with a network, wherever the patient goes
        "network-shown, NOT_APPLICABLE, /, SKILLED_NURSING/LOW, NOT_APPLICABLE, ",
        "free-choice, OPEN, HOME_HEALTH/LOW, SKILLED_NURSING/LOW, OPEN, "
    })
    void whatWasSaidOfTheChoiceHoldsForItsDestination(
            String item, ChecklistStatus said, String before, String now, ChecklistStatus status, String reason) {
        List<ChecklistEntry> entries =
                List.of(said(item, said, NOON, known(before).basis()));
        assertThat(state(DischargeChecklist.of(rules, known(now), entries), item))
                .extracting(State::status, State::reason)
                .containsExactly(status, Optional.ofNullable(reason));
    }

    @Test
    void theChoiceIsAskedForWhileNobodyKnowsWhereto() {
        DischargeChecklist checklist = DischargeChecklist.of(rules, known("OTHER/HIGH"), List.of());
        assertThat(state(checklist, "choice-list-presented").status()).isEqualTo(ChecklistStatus.OPEN);
        assertThat(state(checklist, "free-choice").status()).isEqualTo(ChecklistStatus.OPEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // item | status | note | evidence | choice | by | qualification | what is wrong
                "nothing|DONE||||Practitioner/1|registered-nurse|item: unknown",
                "education|DONE||||Practitioner/1|surgeon|qualification: unknown",
                "education|DONE||||Organization/1|registered-nurse|by: not a person",
                "education|NOT_APPLICABLE|x|||Practitioner/1|registered-nurse|status: not one of this item",
                "equipment|NOT_APPLICABLE||||Practitioner/1|registered-nurse|note: missing",
                "education|OPEN||||Practitioner/1|registered-nurse|note: missing",
                "choice-list-presented|DONE||||Practitioner/1|social-worker|evidence: missing",
                "education|DONE||a leaflet||Practitioner/1|registered-nurse|evidence: not a literal reference",
                "choice-list-presented|DONE||Goal/1||Practitioner/1|social-worker|evidence: not of this item",
                "free-choice|DONE||||Practitioner/1|social-worker|choice: missing",
                "free-choice|DONE|||Patient/1|Practitioner/1|social-worker|choice: missing",
                "free-choice|DONE|||Organization/1|Practitioner/1|social-worker|",
                "choice-list-presented|DONE||Task/1||PractitionerRole/1|social-worker|",
                "equipment|NOT_APPLICABLE|has it at home|||Practitioner/1|other-qualified|",
                "education|DONE||||Practitioner/1|registered-nurse|"
            })
    void asksForAllThatAnItemNeeds(
            String item,
            ChecklistStatus status,
            String note,
            String evidence,
            String choice,
            String by,
            String qualification,
            String wrong) {
        ChecklistEntry said = new ChecklistEntry(
                item,
                status,
                Optional.ofNullable(note),
                evidence == null ? List.of() : List.of(evidence),
                Optional.ofNullable(choice),
                by,
                qualification,
                "Organization/1 casey",
                NOON,
                "/");
        if (wrong == null) {
            assertThatCode(() -> rules.check(said)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> rules.check(said))
                    .isInstanceOf(FhirProblem.class)
                    .hasMessageContaining(wrong);
        }
    }

    private static Known known(String text) {
        String[] parts = text.split("/", -1);
        return new Known(
                Optional.of(parts[0]).filter(part -> !part.isEmpty()).map(DischargeDestination::valueOf),
                Optional.of(parts[1]).filter(part -> !part.isEmpty()).map(RiskBand::valueOf),
                Map.of());
    }

    private static State state(DischargeChecklist checklist, String item) {
        return checklist.items().stream()
                .filter(each -> each.item().code().equals(item))
                .findFirst()
                .orElseThrow();
    }

    private static ChecklistEntry said(String item, ChecklistStatus status, Instant at, String basis) {
        return new ChecklistEntry(
                item,
                status,
                Optional.of("note"),
                List.of(),
                Optional.empty(),
                "Practitioner/1",
                "registered-nurse",
                "Organization/1 casey",
                at,
                basis);
    }
}
