package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.transitions.domain.Discharged.LONG_AFTER;
import static org.careloop.transitions.domain.Discharged.criterion;
import static org.careloop.transitions.domain.Discharged.home;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrcMeasureTest {

    private static final TrcMeasure TRC = TrcMeasure.shipped();

    @ParameterizedTest(name = "{0} by {1} on {2}: {3}")
    @CsvSource({
        "admission-notification, admission-notice, 2026-11-08, NOT_MET",
        "admission-notification, admission-notice, 2026-11-09, MET",
        "admission-notification, admission-notice, 2026-11-12T04:59:59Z, MET",
        "admission-notification, admission-notice, 2026-11-12T05:00:00Z, NOT_MET",
        "admission-notification, preadmission, 2026-10-20, MET",
        "admission-notification, discharge-notice, 2026-11-10, NOT_MET",
        "discharge-information, discharge-information, 2026-11-13T18:00:00Z, MET",
        "discharge-information, discharge-information, 2026-11-15, MET",
        "discharge-information, discharge-information, 2026-11-16, NOT_MET",
        "patient-engagement, outreach-contact, 2026-11-13T23:00:00Z, NOT_MET",
        "patient-engagement, outreach-contact, 2026-11-14, MET",
        "patient-engagement, telehealth-visit, 2026-12-13, MET",
        "patient-engagement, telehealth-visit, 2026-12-14, NOT_MET",
        "patient-engagement, outreach-attempt, 2026-11-16, NOT_MET",
        "medication-reconciliation, reconciliation, 2026-11-12, NOT_MET",
        "medication-reconciliation, reconciliation, 2026-11-13, MET",
        "medication-reconciliation, reconciliation, 2026-12-13, MET",
        "medication-reconciliation, reconciliation, 2026-12-14, NOT_MET"
    })
    void numeratorsTakeWhatIsInTime(String numerator, String kind, String time, Verdict verdict) {
        // When
        MeasureResult result = TRC.of(home().with(kind, time).facts(), LONG_AFTER);
        // Then
        assertThat(criterion(result, numerator).verdict()).isEqualTo(verdict);
        assertThat(criterion(result, numerator).evidence()).hasSize(verdict == Verdict.MET ? 1 : 0);
    }

    @Test
    void anOlderYearAskedForANoticeOnTheNextDay() {
        // Given
        Discharged old = new Discharged(
                Instant.parse("2019-05-10T19:00:00Z"),
                Optional.of(Instant.parse("2019-05-06T19:00:00Z")),
                DischargeDestination.HOME,
                Optional.of("IMP"),
                home().born(),
                Optional.empty(),
                home().payer(),
                Optional.empty(),
                home().evidence());
        // Then
        assertThat(criterion(
                                TRC.of(
                                        old.with("admission-notice", "2019-05-07")
                                                .facts(),
                                        LONG_AFTER),
                                "admission-notification")
                        .verdict())
                .isEqualTo(Verdict.MET);
        assertThat(criterion(
                                TRC.of(
                                        old.with("admission-notice", "2019-05-08")
                                                .facts(),
                                        LONG_AFTER),
                                "admission-notification")
                        .verdict())
                .isEqualTo(Verdict.NOT_MET);
    }

    @Test
    void whatHasTimeIsOpenUntilTheEndOfItsLastDay() {
        // When
        Instant lastSecond = Instant.parse("2026-12-14T04:59:59Z");
        Criterion open = criterion(TRC.of(home().facts(), lastSecond), "patient-engagement");
        // Then
        assertThat(open.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(open.until()).contains(lastSecond);
        assertThat(criterion(TRC.of(home().facts(), lastSecond.plusSeconds(1)), "patient-engagement")
                        .verdict())
                .isEqualTo(Verdict.NOT_MET);
    }

    @ParameterizedTest(name = "born {0}: {1}")
    @CsvSource({"2008-11-13, MET", "2008-11-14, NOT_MET", ", UNKNOWN"})
    void ageIsThatOfTheDischarge(String born, Verdict verdict) {
        assertThat(criterion(TRC.of(home().bornOn(born).facts(), LONG_AFTER), "age")
                        .verdict())
                .isEqualTo(verdict);
    }

    @ParameterizedTest(name = "discharged {0}: {1}")
    @CsvSource({
        "2026-01-01T05:00:00Z, MET",
        "2026-01-01T04:59:59Z, NOT_MET",
        "2026-12-02T04:59:59Z, MET",
        "2026-12-02T05:00:00Z, NOT_MET"
    })
    void dischargesUntilTheFirstOfDecemberAreMeasured(String discharged, Verdict verdict) {
        assertThat(criterion(TRC.of(home().at(discharged).facts(), LONG_AFTER), "discharge-date")
                        .verdict())
                .isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"MEDICARE, MET", "COMMERCIAL, NOT_APPLICABLE", ", UNKNOWN"})
    void anotherPayerIsNotMeasuredAndAnUnknownOneNotKnown(String payer, Verdict verdict) {
        // Given
        Discharged whole = home().with("admission-notice", "2026-11-09")
                .with("discharge-information", "2026-11-13")
                .with("visit", "2026-11-20")
                .with("reconciliation", "2026-11-20");
        // Then
        assertThat(TRC.of(whole.paidBy(payer).facts(), LONG_AFTER).verdict()).isEqualTo(verdict);
    }

    @Test
    void hospiceDeathAndAnotherStayAreExcluded() {
        assertThat(TRC.of(home().to(DischargeDestination.HOSPICE).facts(), LONG_AFTER)
                        .eligible())
                .isEqualTo(Verdict.NOT_MET);
        assertThat(TRC.of(home().diedAt("2026-12-30T12:00:00Z").facts(), LONG_AFTER)
                        .eligible())
                .isEqualTo(Verdict.NOT_MET);
        assertThat(TRC.of(home().diedAt("2027-01-01T12:00:00Z").facts(), LONG_AFTER)
                        .eligible())
                .isEqualTo(Verdict.MET);
        assertThat(TRC.of(home().readmittedAt("2026-11-20T12:00:00Z").facts(), LONG_AFTER)
                        .eligible())
                .isEqualTo(Verdict.NOT_MET);
    }

    @Test
    void aDirectTransferIsMeasuredWithTheFirstAdmissionAndTheLastDischarge() {
        // Given
        StayChain.Span first = span("a", "2026-11-01T12:00:00Z", "2026-11-05T12:00:00Z");
        StayChain.Span transfer = span("b", "2026-11-05T12:00:00Z", "2026-11-08T12:00:00Z");
        StayChain.Span again = span("c", "2026-12-08T23:00:00Z", "2026-12-12T12:00:00Z");
        StayChain.Span late = span("d", "2027-01-12T05:00:00Z", null);
        List<StayChain.Span> all = List.of(late, again, transfer, first);
        // Then
        assertThat(StayChain.of(all, first, 30).next()).contains("b");
        assertThat(StayChain.of(all, transfer, 30).next()).contains("c");
        StayChain last = StayChain.of(all, again, 30);
        assertThat(last.admitted()).isEqualTo(first.admitted());
        assertThat(last.encounters()).isEqualTo(Set.of("a", "b", "c"));
        assertThat(last.next()).isEmpty();
        assertThat(StayChain.of(all, late, 30).encounters()).isEqualTo(Set.of("d"));
    }

    @Test
    void aTransferIsOneHoweverLateTheDischargeIsTold() {
        // Given: the other hospital admits before the first one tells that the patient left
        StayChain.Span first = span("a", "2026-11-01T12:00:00Z", "2026-11-05T15:20:00Z");
        StayChain.Span transfer = span("b", "2026-11-05T15:00:00Z", "2026-11-08T12:00:00Z");
        StayChain.Span sameDay = span("c", "2026-11-08T08:00:00Z", "2026-11-08T09:00:00Z");
        List<StayChain.Span> all = List.of(sameDay, transfer, first);
        // Then
        assertThat(StayChain.of(all, first, 30).next()).contains("b");
        assertThat(StayChain.of(all, transfer, 30).next()).contains("c");
        assertThat(StayChain.of(all, sameDay, 30).encounters()).isEqualTo(Set.of("a", "b", "c"));
        assertThat(StayChain.of(all, sameDay, 30).next()).isEmpty();
    }

    private static StayChain.Span span(String id, String admitted, String discharged) {
        return new StayChain.Span(
                id,
                id,
                Optional.of(Instant.parse(admitted)),
                Optional.ofNullable(discharged).map(Instant::parse),
                Discharged.NEW_YORK);
    }
}
