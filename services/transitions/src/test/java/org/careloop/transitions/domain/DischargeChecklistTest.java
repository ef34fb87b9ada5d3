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
    private final ChecklistRules rules = ChecklistRules.standard();

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

    @Test
    void anEvaluationIsAskedForAgainWhenRiskOrDestinationChange() {
        List<ChecklistEntry> entries = List.of(
                said("evaluation", ChecklistStatus.DONE, NOON, NOTHING.basis()),
                said("education", ChecklistStatus.DONE, NOON, NOTHING.basis()));
        Known changed = new Known(Optional.of(DischargeDestination.SKILLED_NURSING), Optional.empty(), Map.of());
        DischargeChecklist checklist = DischargeChecklist.of(rules, changed, entries);
        assertThat(state(checklist, "evaluation"))
                .extracting(State::status, State::reason)
                .containsExactly(ChecklistStatus.OPEN, Optional.of("changed-since"));
        assertThat(state(checklist, "education").status()).isEqualTo(ChecklistStatus.DONE);
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
