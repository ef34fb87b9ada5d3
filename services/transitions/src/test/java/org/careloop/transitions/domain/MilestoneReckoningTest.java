package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A discharge on Friday, 13 November 2026, 14:00 in New York, at high risk. */
class MilestoneReckoningTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final DischargeMilestones MILESTONES = DischargeMilestones.shipped();
    private static final Instant DISCHARGED = Instant.parse("2026-11-13T19:00:00Z");
    private static final Instant LONG_AFTER = Instant.parse("2027-03-01T12:00:00Z");

    @ParameterizedTest(name = "{0} by {1} at {2}: {3}")
    @CsvSource({
        "outreach, outreach-contact, 2026-11-13T19:00:00Z, REACHED",
        "outreach, outreach-contact, 2026-11-13T18:59:59Z, MISSED",
        "outreach, outreach-contact, 2026-11-17T22:00:00Z, REACHED",
        "outreach, outreach-contact, 2026-11-17T22:00:01Z, MISSED",
        "outreach, outreach-contact, 2026-11-13, REACHED",
        "outreach, outreach-contact, 2026-11-17, REACHED",
        "outreach, outreach-contact, 2026-11-18, MISSED",
        "outreach, visit, 2026-11-16T15:00:00Z, MISSED",
        "follow-up-call, outreach-contact, 2026-11-15T18:59:59Z, MISSED",
        "follow-up-call, outreach-contact, 2026-11-15T19:00:00Z, REACHED",
        "follow-up-call, outreach-contact, 2026-11-16T19:00:00Z, REACHED",
        "follow-up-call, outreach-contact, 2026-11-16T19:00:01Z, MISSED",
        "follow-up-visit, visit, 2026-11-20T23:00:00Z, REACHED",
        "follow-up-visit, visit, 2026-11-21T04:59:59.900Z, REACHED",
        "follow-up-visit, visit, 2026-11-21T05:00:00Z, MISSED",
        "follow-up-visit, home-visit, 2026-11-16T15:00:00Z, MISSED",
        "patient-engagement, outreach-contact, 2026-11-14T04:59:59Z, MISSED",
        "patient-engagement, outreach-contact, 2026-11-13, MISSED",
        "patient-engagement, outreach-contact, 2026-11-14T05:00:00Z, REACHED",
        "patient-engagement, home-visit, 2026-12-14T04:59:59Z, REACHED",
        "patient-engagement, home-visit, 2026-12-14T05:00:00Z, MISSED",
        "medication-reconciliation, reconciliation, 2026-11-13, REACHED",
        "medication-reconciliation, reconciliation, 2026-12-13, REACHED",
        "medication-reconciliation, reconciliation, 2026-12-14, MISSED",
        "discharge-information, discharge-information, 2026-11-15, REACHED",
        "discharge-information, discharge-information, 2026-11-16, MISSED",
        "home-health-start, task:home-health-start, 2026-11-15T19:00:00Z, REACHED"
    })
    void countsInItsTimeAlone(String code, String kind, String time, MilestoneState state) {
        assertThat(reckon(code, LONG_AFTER, shown(kind, time)).state()).isEqualTo(state);
    }

    @Test
    void theEarliestCountsHoweverLateItIsTold() {
        // Given
        Evidence early = told("visit", "2026-11-16T15:00:00Z", "Encounter/early", LONG_AFTER);
        Evidence late = told("visit", "2026-11-19T15:00:00Z", "Encounter/late", Instant.parse("2026-11-19T16:00:00Z"));
        // When
        MilestoneProgress progress = reckon("follow-up-visit", LONG_AFTER, late, early);
        // Then
        assertThat(progress.reached()).contains(Instant.parse("2026-11-16T15:00:00Z"));
        assertThat(progress.evidence()).containsExactly("Encounter/early");
        assertThat(reckon("follow-up-visit", LONG_AFTER, early, late)).isEqualTo(progress);
    }

    @Test
    void whatIsToComeShowsNothing() {
        // Given
        Evidence planned = told("visit", "2026-11-19T15:00:00Z", "Encounter/e", Instant.parse("2026-11-19T14:54:59Z"));
        Evidence justNow = told("visit", "2026-11-19T15:00:00Z", "Encounter/e", Instant.parse("2026-11-19T14:55:00Z"));
        // Then
        assertThat(reckon("follow-up-visit", LONG_AFTER, planned).state()).isEqualTo(MilestoneState.MISSED);
        assertThat(reckon("follow-up-visit", LONG_AFTER, justNow).state()).isEqualTo(MilestoneState.REACHED);
    }

    @Test
    void whatIsDoneTooLateIsMissedAndShown() {
        // When
        MilestoneProgress progress = reckon("follow-up-visit", LONG_AFTER, shown("visit", "2026-11-23T15:00:00Z"));
        // Then
        assertThat(progress.state()).isEqualTo(MilestoneState.MISSED);
        assertThat(progress.reached()).contains(Instant.parse("2026-11-23T15:00:00Z"));
    }

    @ParameterizedTest(name = "attempts {0} {1}: {2}")
    @CsvSource({
        "2026-11-16T15:00:00Z, 2026-11-16T15:59:59Z, MISSED",
        "2026-11-16T15:00:00Z, 2026-11-16T16:00:00Z, ATTEMPTED",
        "2026-11-16T15:00:00Z, 2026-11-17T15:00:00Z, ATTEMPTED",
        "2026-11-16T15:00:00Z, 2026-11-17T22:00:01Z, MISSED",
        "2026-11-13T18:00:00Z, 2026-11-16T15:00:00Z, MISSED",
        "2026-11-16, 2026-11-17, ATTEMPTED"
    })
    void twoSeparateAttemptsInTimeAreAttempted(String first, String second, MilestoneState state) {
        // When
        MilestoneProgress progress = reckon(
                "outreach",
                LONG_AFTER,
                told("outreach-attempt", first, "Communication/a", LONG_AFTER),
                told("outreach-attempt", second, "Communication/b", LONG_AFTER));
        // Then
        assertThat(progress.state()).isEqualTo(state);
        assertThat(progress.reached()).isEmpty();
        assertThat(progress.evidence())
                .isEqualTo(
                        state == MilestoneState.ATTEMPTED ? List.of("Communication/a", "Communication/b") : List.of());
    }

    @Test
    void manyAttemptsInOneHourAreOne() {
        // Given
        Evidence[] attempts = Stream.of("15:00", "15:20", "15:40", "15:59")
                .map(time ->
                        told("outreach-attempt", "2026-11-16T" + time + ":00Z", "Communication/" + time, LONG_AFTER))
                .toArray(Evidence[]::new);
        // Then
        assertThat(reckon("outreach", LONG_AFTER, attempts).state()).isEqualTo(MilestoneState.MISSED);
    }

    @Test
    void aContactInTimeIsMoreThanAttempts() {
        assertThat(reckon(
                                "outreach",
                                LONG_AFTER,
                                told("outreach-attempt", "2026-11-16T15:00:00Z", "Communication/a", LONG_AFTER),
                                told("outreach-attempt", "2026-11-16T18:00:00Z", "Communication/b", LONG_AFTER),
                                told("outreach-contact", "2026-11-17T15:00:00Z", "Communication/c", LONG_AFTER))
                        .evidence())
                .containsExactly("Communication/c");
    }

    @ParameterizedTest(name = "ended {0}, now {1}: {2}")
    @CsvSource({
        ", 2026-11-17T22:00:00Z, OPEN",
        ", 2026-11-17T22:00:01Z, MISSED",
        "2026-11-15T12:00:00Z, 2026-11-15T13:00:00Z, WITHDRAWN",
        "2026-11-15T12:00:00Z, 2027-01-01T00:00:00Z, WITHDRAWN",
        "2026-11-18T12:00:00Z, 2026-11-19T00:00:00Z, MISSED",
        "2026-11-16T12:00:00Z, 2026-11-15T13:00:00Z, OPEN"
    })
    void nothingIsAskedForAfterADeathOrAReadmission(Instant ended, Instant now, MilestoneState state) {
        // When
        MilestoneProgress progress = new MilestoneReckoning(List.of(), NEW_YORK, Optional.ofNullable(ended), now)
                .of(milestone("outreach"), MILESTONES.needs("outreach"), "r");
        // Then
        assertThat(progress.state()).isEqualTo(state);
    }

    @ParameterizedTest(name = "visit {0}")
    @CsvSource({"2026-11-18T15:00:00Z", "2026-11-23T15:00:00Z"})
    void whatIsDoneAfterAReadmissionIsDoneForThatStay(String visit) {
        // When
        MilestoneProgress progress = new MilestoneReckoning(
                        List.of(shown("visit", visit)),
                        NEW_YORK,
                        Optional.of(Instant.parse("2026-11-15T12:00:00Z")),
                        LONG_AFTER)
                .of(milestone("follow-up-visit"), MILESTONES.needs("follow-up-visit"), "r");
        // Then
        assertThat(progress.state()).isEqualTo(MilestoneState.WITHDRAWN);
        assertThat(progress.reached()).isEmpty();
    }

    @Test
    void attemptsAfterAReadmissionAreNone() {
        // When
        MilestoneProgress progress = new MilestoneReckoning(
                        List.of(
                                told("outreach-attempt", "2026-11-16T15:00:00Z", "Communication/a", LONG_AFTER),
                                told("outreach-attempt", "2026-11-16T17:00:00Z", "Communication/b", LONG_AFTER)),
                        NEW_YORK,
                        Optional.of(Instant.parse("2026-11-15T12:00:00Z")),
                        LONG_AFTER)
                .of(milestone("outreach"), MILESTONES.needs("outreach"), "r");
        // Then
        assertThat(progress.state()).isEqualTo(MilestoneState.WITHDRAWN);
    }

    @Test
    void whatWasDoneBeforeADeathWasDone() {
        // When
        MilestoneProgress progress = new MilestoneReckoning(
                        List.of(shown("outreach-contact", "2026-11-14T15:00:00Z")),
                        NEW_YORK,
                        Optional.of(Instant.parse("2026-11-15T12:00:00Z")),
                        LONG_AFTER)
                .of(milestone("outreach"), MILESTONES.needs("outreach"), "r");
        // Then
        assertThat(progress.state()).isEqualTo(MilestoneState.REACHED);
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource({
        "preadmission, 2026-11-01T12:00:00Z, REACHED",
        "preadmission, 2026-11-12T04:59:59Z, REACHED",
        "preadmission, 2026-11-12T05:00:00Z, MISSED",
        "admission-notice, 2026-11-09T04:59:59Z, MISSED",
        "admission-notice, 2026-11-09T05:00:00Z, REACHED",
        "admission-notice, 2026-11-11, REACHED",
        "admission-notice, 2026-11-12, MISSED"
    })
    void aPlannedAdmissionMayBeToldAhead(String kind, String time, MilestoneState state) {
        // Given
        Milestone notification = MILESTONES
                .afterAdmission(Instant.parse("2026-11-09T20:00:00Z"), NEW_YORK)
                .getFirst();
        // When
        MilestoneProgress progress = new MilestoneReckoning(
                        List.of(shown(kind, time)), NEW_YORK, Optional.empty(), LONG_AFTER)
                .of(notification, MILESTONES.needs(notification.code()), "r");
        // Then
        assertThat(progress.state()).isEqualTo(state);
    }

    private static MilestoneProgress reckon(String code, Instant now, Evidence... evidence) {
        return new MilestoneReckoning(List.of(evidence), NEW_YORK, Optional.empty(), now)
                .of(milestone(code), MILESTONES.needs(code), "r");
    }

    private static Milestone milestone(String code) {
        return MILESTONES.after(DISCHARGED, RiskBand.HIGH, DischargeDestination.HOME_HEALTH, NEW_YORK).stream()
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static Evidence shown(String kind, String time) {
        return told(kind, time, "Some/thing", LONG_AFTER);
    }

    private static Evidence told(String kind, String time, String reference, Instant recorded) {
        EvidenceTime when = time.length() == "YYYY-MM-DD".length()
                ? EvidenceTime.of(LocalDate.parse(time))
                : EvidenceTime.of(Instant.parse(time));
        return new Evidence(kind, when, reference, 1, Optional.empty(), recorded, "test");
    }
}
