package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.careloop.eventcontracts.SharedTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DischargeMilestonesTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final DischargeMilestones MILESTONES = DischargeMilestones.shipped();

    @Test
    void setsTheClocksOfAHighRiskDischargeHomeWithHomeHealth() {
        // Given
        Instant friday = Instant.parse("2026-11-13T19:00:00Z");
        // When
        Map<String, Instant> due = due(friday, RiskBand.HIGH, DischargeDestination.HOME_HEALTH);
        // Then
        assertThat(due)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "discharge-information", Instant.parse("2026-11-16T04:59:59Z"),
                        "outreach", Instant.parse("2026-11-17T22:00:00Z"),
                        "follow-up-call", Instant.parse("2026-11-16T19:00:00Z"),
                        "home-health-start", Instant.parse("2026-11-15T19:00:00Z"),
                        "follow-up-visit", Instant.parse("2026-11-21T04:59:59Z"),
                        "patient-engagement", Instant.parse("2026-12-14T04:59:59Z"),
                        "medication-reconciliation", Instant.parse("2026-12-14T04:59:59Z")));
    }

    @ParameterizedTest
    @CsvSource({
        "HIGH, 2026-11-26T04:59:59Z",
        "UNKNOWN, 2026-11-26T04:59:59Z",
        "MODERATE, 2026-12-03T04:59:59Z",
        "LOW, 2026-12-03T04:59:59Z"
    })
    void setsTheFollowUpVisitByRisk(RiskBand band, Instant expected) {
        // When
        Map<String, Instant> due = due(Instant.parse("2026-11-18T19:00:00Z"), band, DischargeDestination.HOME);
        // Then
        assertThat(due).containsEntry("follow-up-visit", expected).doesNotContainKey("home-health-start");
    }

    @Test
    void countsPatientEngagementFromTheDayAfterAndAimsAtReconciliationInAWeek() {
        // When
        List<Milestone> all = MILESTONES.after(
                Instant.parse("2026-11-18T19:00:00Z"), RiskBand.LOW, DischargeDestination.HOME, NEW_YORK);
        // Then
        assertThat(byCode(all, "patient-engagement").opens()).isEqualTo(Instant.parse("2026-11-19T05:00:00Z"));
        assertThat(byCode(all, "medication-reconciliation").target()).contains(Instant.parse("2026-11-26T04:59:59Z"));
        assertThat(byCode(all, "outreach").opens()).isEqualTo(Instant.parse("2026-11-18T19:00:00Z"));
        assertThat(byCode(all, "outreach").source()).isEqualTo("CMS TCM, interactive contact");
    }

    @Test
    void takesTheDayOfDischargeInTheZoneOfTheSite() {
        // Given
        Instant lateOnWednesday = Instant.parse("2026-11-19T03:30:00Z");
        // When
        Map<String, Instant> due = due(lateOnWednesday, RiskBand.LOW, DischargeDestination.HOME);
        // Then
        assertThat(due).containsEntry("outreach", Instant.parse("2026-11-20T22:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({"2026-03-07T17:00:00Z, 2026-03-10T03:59:59Z", "2026-10-31T16:00:00Z, 2026-11-03T04:59:59Z"})
    void countsCalendarDaysOverAChangeOfTheClock(Instant discharged, Instant expected) {
        assertThat(due(discharged, RiskBand.LOW, DischargeDestination.HOME))
                .containsEntry("discharge-information", expected);
    }

    @ParameterizedTest
    @EnumSource(DischargeDestination.class)
    void hasCodesThatAreUniqueWithinOneSet(DischargeDestination destination) {
        for (RiskBand band : RiskBand.values()) {
            List<Milestone> all = MILESTONES.after(Instant.parse("2026-11-18T19:00:00Z"), band, destination, NEW_YORK);
            assertThat(all).extracting(Milestone::code).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EXPIRED, 0",
        "HOSPITAL, 0",
        "HOSPICE, 1",
        "SKILLED_NURSING, 3",
        "HOME, 6",
        "ASSISTED_LIVING, 6",
        "HOME_HEALTH, 7"
    })
    void asksOnlyForWhatTheDestinationNeeds(DischargeDestination destination, int count) {
        assertThat(due(Instant.parse("2026-11-18T19:00:00Z"), RiskBand.HIGH, destination))
                .hasSize(count);
    }

    @Test
    void othersKnowWhichAreOfTheAdmission() {
        assertThat(MILESTONES.afterAdmission(Instant.parse("2026-11-13T19:00:00Z"), NEW_YORK))
                .extracting(Milestone::code)
                .containsExactlyInAnyOrderElementsOf(SharedTerms.ADMISSION_MILESTONES);
    }

    private static Milestone byCode(List<Milestone> all, String code) {
        return all.stream().filter(each -> each.code().equals(code)).findFirst().orElseThrow();
    }

    private static Map<String, Instant> due(Instant discharged, RiskBand band, DischargeDestination destination) {
        return MILESTONES.after(discharged, band, destination, NEW_YORK).stream()
                .collect(Collectors.toMap(Milestone::code, Milestone::due));
    }
}
