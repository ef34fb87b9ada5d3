package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ACCEPTED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.CANCELLED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.COMPLETED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.DRAFT;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ENTEREDINERROR;
import static org.hl7.fhir.r4.model.Task.TaskStatus.FAILED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.INPROGRESS;
import static org.hl7.fhir.r4.model.Task.TaskStatus.ONHOLD;
import static org.hl7.fhir.r4.model.Task.TaskStatus.REJECTED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.REQUESTED;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.referrals.domain.ReferralCourse.Outcome;
import org.careloop.referrals.domain.Scorecard.Rate;
import org.careloop.referrals.domain.Scorecard.Step;
import org.careloop.referrals.domain.Scorecard.Times;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an agency is measured, by the stored versions of its Tasks and {@code rules/scorecard.yaml}. */
class ScorecardTest {

    private static final ScorecardRules RULES = ScorecardRules.shipped();
    private static final DayPeriod NOVEMBER = DayPeriod.of("2026-11-01", "2026-11-30", RULES.zone());
    private static final Instant ASKED = Instant.parse("2026-11-10T15:00:00Z");
    private static final Instant NOW = Instant.parse("2026-12-01T15:00:00Z");

    /** The versions of one Task, each some hours after the agency was asked. */
    private static final class History {
        private final List<TaskVersion> versions = new ArrayList<>();
        private boolean byAgency;
        private Optional<String> businessStatus = Optional.empty();

        static History asked() {
            return new History().then(0, REQUESTED);
        }

        History then(double hour, TaskStatus status) {
            return then(hour, status, Tasks.OWNER, null);
        }

        History because(double hour, TaskStatus status, String reason) {
            byAgency = true;
            return then(hour, status, Tasks.OWNER, reason);
        }

        History takenBack(double hour, String reason) {
            return then(hour, CANCELLED, Tasks.OWNER, reason);
        }

        History saying(String word) {
            businessStatus = Optional.of(word);
            return this;
        }

        History then(double hour, TaskStatus status, String owner, String reason) {
            versions.add(new TaskVersion(
                    ASKED.plusSeconds((long) (hour * 3600)),
                    status,
                    Optional.ofNullable(owner),
                    Optional.ofNullable(reason),
                    businessStatus));
            return this;
        }

        Optional<ReferralCourse> course() {
            return ReferralCourse.of(versions, Tasks.OWNER, byAgency);
        }
    }

    private static Scorecard card(History... histories) {
        return Scorecard.of(
                Arrays.stream(histories)
                        .flatMap(history -> history.course().stream())
                        .toList(),
                NOVEMBER,
                NOW,
                RULES);
    }

    private static Duration hours(double hours) {
        return Duration.ofSeconds((long) (hours * 3600));
    }

    private static Times one(double hours) {
        return new Times(1, Optional.of(hours(hours)), Optional.of(hours(hours)));
    }

    private static final Times NONE = new Times(0, Optional.empty(), Optional.empty());

    @Test
    void nothingAskedIsAllZerosWithoutRatesAndTimes() {
        Scorecard card = card();
        assertThat(card.asked()).isZero();
        assertThat(card.accepted()).isZero();
        assertThat(card.outcomes()).hasSize(Outcome.values().length).containsEntry(Outcome.OPEN, 0);
        assertThat(card.acceptance().value()).isEmpty();
        assertThat(card.loopClosure().value()).isEmpty();
        assertThat(card.times().values()).hasSize(Step.values().length).containsOnly(NONE);
        assertThat(card.reasons()).isEmpty();
        assertThat(card.openByAge()).hasSize(4).containsEntry("under-2-days", 0);
    }

    @Test
    void timesEachStepFromWhenTheAgencyWasAsked() {
        Scorecard card = card(History.asked()
                .then(2, ACCEPTED)
                .then(24, INPROGRESS)
                .then(30, ONHOLD)
                .then(40, INPROGRESS)
                .then(48, COMPLETED));
        assertThat(card.times())
                .containsExactly(
                        entry(Step.ACKNOWLEDGE, one(2)),
                        entry(Step.ACCEPT, one(2)),
                        entry(Step.START, one(24)),
                        entry(Step.COMPLETE, one(48)));
        assertThat(card.outcomes()).containsEntry(Outcome.COMPLETED, 1);
        assertThat(card.acceptance()).isEqualTo(new Rate(1, 1));
        assertThat(card.loopClosure()).isEqualTo(new Rate(1, 1));
        assertThat(card.reasons()).isEmpty();
    }

    @Test
    void whatIsEditedWithinAStatusMovesNoTime() {
        Scorecard edited = card(History.asked()
                .then(1, REQUESTED)
                .then(2, ACCEPTED)
                .then(9, ACCEPTED)
                .then(24, INPROGRESS)
                .then(25, INPROGRESS)
                .then(48, COMPLETED)
                .then(90, COMPLETED));
        assertThat(edited)
                .isEqualTo(card(
                        History.asked().then(2, ACCEPTED).then(24, INPROGRESS).then(48, COMPLETED)));
    }

    @Test
    void theFirstWordOfTheAgencyAcknowledges() {
        assertThat(card(History.asked().saying("seen").then(1, REQUESTED).then(5, ACCEPTED))
                        .times())
                .containsEntry(Step.ACKNOWLEDGE, one(1))
                .containsEntry(Step.ACCEPT, one(5));
        assertThat(card(new History()
                                .saying("sent")
                                .then(0, REQUESTED)
                                .then(1, REQUESTED)
                                .then(5, ACCEPTED))
                        .times())
                .as("what stood there when it was asked is not its word")
                .containsEntry(Step.ACKNOWLEDGE, one(5));
        assertThat(card(History.asked().because(3, REJECTED, "out-of-area")).times())
                .containsEntry(Step.ACKNOWLEDGE, one(3))
                .containsEntry(Step.ACCEPT, NONE);
        assertThat(card(History.asked().takenBack(3, "no-answer")).times()).containsEntry(Step.ACKNOWLEDGE, NONE);
        assertThat(card(History.asked().takenBack(3, TaskVersion.UNCODED)).times())
                .containsEntry(Step.ACKNOWLEDGE, NONE);
    }

    @Test
    void whatIsOpenCountsByAgeAndToTheStepsThatWereTaken() {
        // Asked 21 days before now.
        Scorecard card = card(History.asked(), History.asked().then(2, ACCEPTED));
        assertThat(card.outcomes()).containsEntry(Outcome.OPEN, 2);
        assertThat(card.openByAge())
                .containsExactly(
                        entry("under-2-days", 0),
                        entry("2-to-7-days", 0),
                        entry("7-to-30-days", 2),
                        entry("30-days-or-more", 0));
        assertThat(card.times()).containsEntry(Step.ACCEPT, one(2)).containsEntry(Step.COMPLETE, NONE);
        assertThat(card.acceptance()).isEqualTo(new Rate(1, 1));
        assertThat(card.loopClosure()).isEqualTo(new Rate(0, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "0, under-2-days",
        "172799, under-2-days",
        "172800, 2-to-7-days",
        "604800, 7-to-30-days",
        "2591999, 7-to-30-days",
        "2592000, 30-days-or-more",
        "99999999, 30-days-or-more"
    })
    void anAgeIsOfOneBand(long seconds, String band) {
        assertThat(RULES.bandOf(Duration.ofSeconds(seconds)).code()).isEqualTo(band);
    }

    @Test
    void reasonsAreCountedByCodeAndTextsTogether() {
        Scorecard card = card(
                History.asked().because(1, REJECTED, "no-capacity"),
                History.asked().because(1, REJECTED, TaskVersion.UNCODED),
                History.asked().then(1, ACCEPTED).because(2, FAILED, "could-not-help"),
                History.asked().then(1, ACCEPTED).because(2, CANCELLED, "no-capacity"));
        assertThat(card.reasons())
                .containsExactly(entry("no-capacity", 2), entry("could-not-help", 1), entry("uncoded", 1));
        assertThat(card.outcomes())
                .containsEntry(Outcome.REJECTED, 2)
                .containsEntry(Outcome.FAILED, 1)
                .containsEntry(Outcome.CANCELLED, 1);
        assertThat(card.acceptance()).isEqualTo(new Rate(2, 4));
        assertThat(card.loopClosure()).isEqualTo(new Rate(4, 4));
    }

    @Test
    void whoStaysSilentHasNotAccepted() {
        Scorecard card =
                card(History.asked().takenBack(50, "no-answer"), History.asked().then(1, ACCEPTED));
        assertThat(card.outcomes()).containsEntry(Outcome.NOT_ANSWERED, 1).containsEntry(Outcome.WITHDRAWN, 0);
        assertThat(card.acceptance()).isEqualTo(new Rate(1, 2));
        assertThat(card.loopClosure()).isEqualTo(new Rate(0, 2));
        assertThat(card.reasons()).isEmpty();
    }

    @Test
    void whatTheRequesterTakesBackIsNoAnswerOfTheAgency() {
        Scorecard card = card(
                History.asked().takenBack(1, TaskVersion.UNCODED),
                History.asked().then(1, ACCEPTED).takenBack(2, "no-answer"));
        assertThat(card.outcomes()).containsEntry(Outcome.WITHDRAWN, 2).containsEntry(Outcome.NOT_ANSWERED, 0);
        assertThat(card.acceptance()).isEqualTo(new Rate(1, 1));
        assertThat(card.loopClosure()).isEqualTo(new Rate(0, 2));
        assertThat(card.reasons()).isEmpty();
    }

    @Test
    void givingUpBeforeAcceptanceIsANo() {
        assertThat(card(History.asked().because(1, CANCELLED, "duplicate")).acceptance())
                .isEqualTo(new Rate(0, 1));
    }

    @Test
    void anEndWithoutAWordClosesNoLoop() {
        Scorecard card = card(History.asked().because(1, REJECTED, null));
        assertThat(card.loopClosure()).isEqualTo(new Rate(0, 1));
        assertThat(card.reasons()).containsExactly(entry("uncoded", 1));
    }

    @Test
    void mistakesNeverCount() {
        assertThat(card(History.asked().then(1, ACCEPTED).then(2, ENTEREDINERROR))
                        .asked())
                .isZero();
    }

    @Test
    void aDraftIsAskedWhenItIsReleased() {
        Scorecard card = card(
                new History().then(-500, DRAFT).then(0, REQUESTED).then(2, ACCEPTED), new History().then(0, DRAFT));
        assertThat(card.asked()).isEqualTo(1);
        assertThat(card.times()).containsEntry(Step.ACCEPT, one(2));
    }

    @Test
    void theWaitForAnAgencyIsNotTheAgencys() {
        assertThat(card(new History()
                                .then(-50, REQUESTED, null, null)
                                .then(0, REQUESTED)
                                .then(2, ACCEPTED))
                        .times())
                .containsEntry(Step.ACCEPT, one(2));
    }

    @Test
    void aClaimIsAcceptedAndTellsNothingOfSpeed() {
        Scorecard card = card(new History()
                .then(-50, REQUESTED, null, null)
                .then(0, ACCEPTED)
                .then(3, INPROGRESS)
                .then(9, COMPLETED));
        assertThat(card.asked()).isEqualTo(1);
        assertThat(card.acceptance()).isEqualTo(new Rate(1, 1));
        assertThat(card.times())
                .containsExactly(
                        entry(Step.ACKNOWLEDGE, NONE),
                        entry(Step.ACCEPT, NONE),
                        entry(Step.START, one(3)),
                        entry(Step.COMPLETE, one(9)));
    }

    @Test
    void whatWasAskedElsewhereOrOfOthersDoesNotCount() {
        assertThat(card(
                                new History().then(0, COMPLETED),
                                new History().then(0, ACCEPTED).then(1, COMPLETED),
                                new History().then(0, REQUESTED, "Organization/other", null),
                                new History().then(0, REQUESTED, null, null))
                        .asked())
                .isZero();
    }

    @Test
    void daysBeginAndEndInTheZoneOfTheRules() {
        // 30 November 23:59 and 1 November 0:00 in New York, and a second more on either side.
        List<Instant> inside = List.of(Instant.parse("2026-12-01T04:59:59Z"), Instant.parse("2026-11-01T04:00:00Z"));
        List<Instant> outside = List.of(Instant.parse("2026-12-01T05:00:00Z"), Instant.parse("2026-11-01T03:59:59Z"));
        assertThat(inside).allMatch(NOVEMBER::contains);
        assertThat(outside).noneMatch(NOVEMBER::contains);
        double untilDecember = Duration.between(ASKED, outside.getFirst()).toSeconds() / 3600.0;
        assertThat(card(new History().then(untilDecember, REQUESTED)).asked()).isZero();
    }

    @Test
    void onlyDaysAreAPeriod() {
        Stream.of("2026-11", "2026-11-31", "soon", "+12026-11-01", "2026-11-01T00:00:00Z")
                .forEach(text -> assertThatThrownBy(() -> DayPeriod.of("2026-11-01", text, RULES.zone()))
                        .as(text)
                        .isInstanceOf(FhirProblem.class)
                        .hasMessageContaining("end: "));
        assertThatThrownBy(() -> DayPeriod.of("2026-11-02", "2026-11-01", RULES.zone()))
                .isInstanceOf(FhirProblem.class);
        assertThat(DayPeriod.of("2026-11-01", "2026-11-01", RULES.zone()).contains(ASKED))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // Of an odd number the middle one, of an even one the mean of the middle two; p90 is one of them, by nearest
        // rank.
        "1, 1, 1",
        "2, 1.5, 2",
        "3, 2, 3",
        "4, 2.5, 4",
        "9, 5, 9",
        "10, 5.5, 9",
        "11, 6, 10",
        "20, 10.5, 18",
        "101, 51, 91"
    })
    void medianAndNinthTenth(int count, double median, double p90) {
        List<Duration> times = IntStream.rangeClosed(1, count)
                .mapToObj(hour -> Duration.ofHours(count + 1L - hour))
                .toList();
        assertThat(Times.of(times)).isEqualTo(new Times(count, Optional.of(hours(median)), Optional.of(hours(p90))));
    }

    @Test
    void ratesArePartsOfTheWhole() {
        assertThat(new Rate(1, 4).value()).contains(0.25);
        assertThat(new Rate(0, 4).value()).contains(0.0);
        assertThat(new Rate(0, 0).value()).isEmpty();
    }

    @Test
    void refusesAgesThatAreOutOfOrder() {
        assertThatThrownBy(() -> rules(new ScorecardRules.Band("a", "a", 7), new ScorecardRules.Band("b", "b", 2)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> rules(new ScorecardRules.Band("a", "a", 7))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> rules(new ScorecardRules.Band("a", "a", null), new ScorecardRules.Band("b", "b", 2)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static ScorecardRules rules(ScorecardRules.Band... bands) {
        return new ScorecardRules(new ScorecardRules.Rules(
                "test", RULES.zone(), List.of(bands), RULES.noAgencyAfter(), 0, RULES.standing()));
    }
}
