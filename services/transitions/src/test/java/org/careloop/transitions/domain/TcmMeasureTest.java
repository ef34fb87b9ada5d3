package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.Discharged.LONG_AFTER;
import static org.careloop.transitions.domain.Discharged.criterion;
import static org.careloop.transitions.domain.Discharged.home;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcmMeasureTest {

    private static final TcmMeasure TCM = TcmMeasure.shipped();

    @ParameterizedTest(name = "contact after {0} at {1}: {2}")
    @CsvSource({
        "2026-11-13T19:00:00Z, 2026-11-13T19:30:00Z, MET",
        "2026-11-13T19:00:00Z, 2026-11-13T18:30:00Z, NOT_MET",
        "2026-11-13T19:00:00Z, 2026-11-18T04:59:59Z, MET",
        "2026-11-13T19:00:00Z, 2026-11-18T05:00:00Z, NOT_MET",
        "2026-11-25T18:00:00Z, 2026-11-30T20:00:00Z, MET",
        "2026-11-25T18:00:00Z, 2026-12-01T20:00:00Z, NOT_MET",
        "2027-12-30T18:00:00Z, 2028-01-04T20:00:00Z, MET",
        "2027-12-30T18:00:00Z, 2028-01-05T20:00:00Z, NOT_MET",
        "2026-03-06T18:00:00Z, 2026-03-11T03:59:59Z, MET",
        "2026-03-06T18:00:00Z, 2026-03-11T04:00:00Z, NOT_MET"
    })
    void aContactIsWithinTwoBusinessDaysWhateverTheHour(String discharged, String contact, Verdict verdict) {
        // Given
        DischargeFacts facts =
                home().at(discharged).with("outreach-contact", contact).facts();
        // Then
        assertThat(criterion(result("tcm-99496", facts, Instant.parse("2029-01-01T00:00:00Z")), "contact")
                        .verdict())
                .isEqualTo(verdict);
    }

    @ParameterizedTest(name = "attempts at {0} and {1}: {2}")
    @CsvSource({
        "2026-11-16T15:00:00Z, 2026-11-16T15:30:00Z, NOT_MET",
        "2026-11-16T15:00:00Z, 2026-11-17T15:00:00Z, MET",
        "2026-11-16T15:00:00Z, 2026-11-18T15:00:00Z, NOT_MET"
    })
    void twoSeparateAttemptsInTimeSuffice(String first, String second, Verdict verdict) {
        // When
        Criterion contact = criterion(
                result(
                        "tcm-99495",
                        home().with("outreach-attempt", first)
                                .with("outreach-attempt", second)
                                .facts(),
                        LONG_AFTER),
                "contact");
        // Then
        assertThat(contact.verdict()).isEqualTo(verdict);
        assertThat(contact.note().orElseThrow())
                .isEqualTo(
                        verdict == Verdict.MET
                                ? "attempted, not reached"
                                : "contact, or 2 separate attempts; attempts so far: 1");
    }

    @ParameterizedTest(name = "visit on {0}, decision {1}: 99496 {2}, 99495 {3}")
    @CsvSource({
        "2026-11-20, decision-high, MET, MET",
        "2026-11-20, decision-moderate, UNKNOWN, MET",
        "2026-11-20, , UNKNOWN, UNKNOWN",
        "2026-11-21, decision-high, NOT_MET, MET",
        "2026-11-27, decision-high, NOT_MET, MET",
        "2026-11-28, decision-high, NOT_MET, NOT_MET"
    })
    void eachCodeHasItsVisitAndItsDecision(String day, String decision, Verdict high, Verdict moderate) {
        // Given
        Discharged visited =
                home().with("outreach-contact", "2026-11-16").with("visit", day).with("reconciliation", "2026-11-19");
        DischargeFacts facts = (decision == null ? visited : visited.with(decision, day)).facts();
        // Then
        assertThat(result("tcm-99496", facts, LONG_AFTER).verdict()).isEqualTo(high);
        assertThat(result("tcm-99495", facts, LONG_AFTER).verdict()).isEqualTo(moderate);
    }

    @ParameterizedTest(name = "reconciliation on {0}: {1}")
    @CsvSource({"2026-11-13, MET", "2026-11-18, MET", "2026-11-19, NOT_MET", "2026-11-12, NOT_MET"})
    void reconciliationIsOnOrBeforeTheDayOfTheVisit(String day, Verdict verdict) {
        // Given
        DischargeFacts facts = home().with("visit", "2026-11-18T15:00:00Z")
                .with("reconciliation", day)
                .facts();
        // Then
        assertThat(criterion(result("tcm-99496", facts, LONG_AFTER), "reconciliation")
                        .verdict())
                .isEqualTo(verdict);
    }

    @Test
    void anyVisitInTimeOnOrAfterTheReconciliationDoes() {
        // Given
        DischargeFacts facts = home().with("visit", "2026-11-16")
                .with("reconciliation", "2026-11-18")
                .with("telehealth-visit", "2026-11-19")
                .with("visit", "2026-11-20")
                .facts();
        // When
        MeasureResult result = result("tcm-99496", facts, LONG_AFTER);
        // Then
        assertThat(criterion(result, "reconciliation").verdict()).isEqualTo(Verdict.MET);
        assertThat(criterion(result, "visit").evidence())
                .extracting(Evidence::kind)
                .containsExactly("telehealth-visit");
    }

    @ParameterizedTest(name = "at {0}: {1}")
    @CsvSource({"2026-11-21T04:59:59Z, OPEN", "2026-11-21T05:00:00Z, NOT_MET"})
    void whileAnotherVisitMayComeThereIsTimeToReconcile(String now, Verdict verdict) {
        // Given
        DischargeFacts facts = home().with("visit", "2026-11-16")
                .with("reconciliation", "2026-11-17")
                .facts();
        // Then
        Criterion reconciliation = criterion(result("tcm-99496", facts, Instant.parse(now)), "reconciliation");
        assertThat(reconciliation.verdict()).isEqualTo(verdict);
        assertThat(reconciliation.until()).contains(Instant.parse("2026-11-21T04:59:59Z"));
    }

    @ParameterizedTest(name = "by {0}: said {1}")
    @CsvSource({"Practitioner/nurse, false", "PractitionerRole/nurse, false", "Organization/clinic, true", ", true"})
    void whereNobodyIsNamedThatIsSaid(String actor, boolean said) {
        // Given
        DischargeFacts facts = home().with("outreach-contact", "2026-11-16", actor)
                .with("reconciliation", "2026-11-16", actor)
                .facts();
        MeasureResult tcm = result("tcm-99495", facts, LONG_AFTER);
        MeasureResult trc = TrcMeasure.shipped().of(facts, LONG_AFTER);
        // Then
        assertThat(List.of(
                        criterion(tcm, "contact"),
                        criterion(tcm, "reconciliation"),
                        criterion(trc, "medication-reconciliation")))
                .allSatisfy(criterion -> {
                    assertThat(criterion.verdict()).isEqualTo(Verdict.MET);
                    assertThat(criterion.note().isPresent()).isEqualTo(said);
                });
    }

    @ParameterizedTest(name = "from {0} to {1}: {2}")
    @CsvSource({
        "IMP, HOME, MET",
        "OBSENC, HOME_HEALTH, MET",
        "SS, HOME, NOT_MET",
        "IMP, SKILLED_NURSING, NOT_MET",
        "IMP, ASSISTED_LIVING, MET",
        "IMP, OTHER, UNKNOWN",
        ", HOME, UNKNOWN"
    })
    void thePatientComesFromASettingToTheCommunity(String from, DischargeDestination to, Verdict eligible) {
        assertThat(result("tcm-99495", home().from(from).to(to).facts(), LONG_AFTER)
                        .eligible())
                .isEqualTo(eligible);
    }

    @ParameterizedTest(name = "again at {0}: {1}")
    @CsvSource({"2026-12-13T04:59:59Z, UNKNOWN", "2026-12-13T05:00:00Z, MET"})
    void aDeathOrAStayInTheServicePeriodLeavesItOpenWhatIsBilled(String time, Verdict verdict) {
        assertThat(criterion(result("tcm-99495", home().readmittedAt(time).facts(), LONG_AFTER), "service-period")
                        .verdict())
                .isEqualTo(verdict);
        assertThat(criterion(result("tcm-99495", home().diedAt(time).facts(), LONG_AFTER), "service-period")
                        .verdict())
                .isEqualTo(verdict);
    }

    @Test
    void whatIsMissingIsSaidWithTheTimeThatIsLeft() {
        // When
        MeasureResult result = result("tcm-99496", home().facts(), Instant.parse("2026-11-14T12:00:00Z"));
        // Then
        assertThat(criterion(result, "contact").until()).contains(Instant.parse("2026-11-18T04:59:59Z"));
        assertThat(criterion(result, "visit").until()).contains(Instant.parse("2026-11-21T04:59:59Z"));
        assertThat(criterion(result, "visit").note()).isEqualTo(Optional.of("face-to-face visit within 7 days"));
        assertThat(result.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(result.rules()).isEqualTo("tcm-2026-2+us-federal-1");
    }

    private static MeasureResult result(String measure, DischargeFacts facts, Instant now) {
        return TCM.of(facts, now).stream()
                .filter(each -> each.measure().equals(measure))
                .findFirst()
                .orElseThrow();
    }
}
