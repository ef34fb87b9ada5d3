package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each clock at the edges of weeks, holidays, months, years and changes of the clock, in New York. */
class MilestoneClocksTest {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final DischargeMilestones MILESTONES = DischargeMilestones.shipped();

    @ParameterizedTest(name = "outreach of {0} is due {1}: {2}")
    @CsvSource({
        "2026-11-13T19:00:00Z, 2026-11-17T22:00:00Z, Friday to Tuesday",
        "2026-11-14T19:00:00Z, 2026-11-17T22:00:00Z, Saturday to Tuesday",
        "2026-11-15T19:00:00Z, 2026-11-17T22:00:00Z, Sunday to Tuesday",
        "2026-05-22T18:00:00Z, 2026-05-27T21:00:00Z, Friday before Memorial Day to Wednesday",
        "2026-11-25T18:00:00Z, 2026-11-30T22:00:00Z, day before Thanksgiving to Monday",
        "2026-07-02T18:00:00Z, 2026-07-07T21:00:00Z, Independence Day on a Saturday is observed on Friday",
        "2027-12-30T18:00:00Z, 2028-01-04T22:00:00Z, New Year's Day on a Saturday is observed in the year before",
        "2022-12-30T18:00:00Z, 2023-01-04T22:00:00Z, New Year's Day on a Sunday is observed on Monday",
        "2026-12-31T18:00:00Z, 2027-01-05T22:00:00Z, New Year's Day on a Friday",
        "2026-03-06T18:00:00Z, 2026-03-10T21:00:00Z, Friday before clocks are set forward",
        "2026-10-30T18:00:00Z, 2026-11-03T22:00:00Z, Friday before clocks are set back",
        "2026-11-14T04:59:00Z, 2026-11-17T22:00:00Z, 23:59 on Friday at the site is Saturday in UTC",
        "2026-11-17T04:59:00Z, 2026-11-18T22:00:00Z, 23:59 on Monday at the site is Tuesday in UTC",
        "2026-11-17T05:00:00Z, 2026-11-19T22:00:00Z, 00:00 on Tuesday at the site"
    })
    void outreachIsDueAtTheEndOfTheSecondBusinessDay(Instant discharged, Instant due, String why) {
        assertThat(milestone("outreach", discharged).due()).as(why).isEqualTo(due);
    }

    @ParameterizedTest(name = "call after {0} from {1} to {2}: {3}")
    @CsvSource({
        "2026-11-18T19:00:00Z, 2026-11-20T19:00:00Z, 2026-11-21T19:00:00Z, hours",
        "2026-03-07T20:00:00Z, 2026-03-09T20:00:00Z, 2026-03-10T20:00:00Z, clocks set forward: still hours",
        "2026-10-31T19:00:00Z, 2026-11-02T19:00:00Z, 2026-11-03T19:00:00Z, clocks set back: still hours",
        "2028-02-27T19:00:00Z, 2028-02-29T19:00:00Z, 2028-03-01T19:00:00Z, a leap day",
        "2026-12-30T19:00:00Z, 2027-01-01T19:00:00Z, 2027-01-02T19:00:00Z, a holiday is no matter"
    })
    void theCallIsFrom48To72HoursAfter(Instant discharged, Instant opens, Instant due, String why) {
        // When
        Milestone call = milestone("follow-up-call", discharged);
        // Then
        assertThat(call.opens()).as(why).isEqualTo(opens);
        assertThat(call.due()).as(why).isEqualTo(due);
    }

    @ParameterizedTest(name = "{0} of {1} from {2} to {3}")
    @CsvSource({
        "discharge-information, 2026-11-18T19:00:00Z, 2026-11-18T05:00:00Z, 2026-11-21T04:59:59Z",
        "discharge-information, 2026-11-19T04:59:00Z, 2026-11-18T05:00:00Z, 2026-11-21T04:59:59Z",
        "discharge-information, 2026-11-19T05:00:00Z, 2026-11-19T05:00:00Z, 2026-11-22T04:59:59Z",
        "discharge-information, 2028-02-27T19:00:00Z, 2028-02-27T05:00:00Z, 2028-03-01T04:59:59Z",
        "discharge-information, 2027-02-27T19:00:00Z, 2027-02-27T05:00:00Z, 2027-03-02T04:59:59Z",
        "discharge-information, 2026-03-07T17:00:00Z, 2026-03-07T05:00:00Z, 2026-03-10T03:59:59Z",
        "follow-up-visit, 2026-11-18T19:00:00Z, 2026-11-18T19:00:00Z, 2026-11-26T04:59:59Z",
        "follow-up-visit, 2026-12-28T19:00:00Z, 2026-12-28T19:00:00Z, 2027-01-05T04:59:59Z",
        "patient-engagement, 2026-11-18T19:00:00Z, 2026-11-19T05:00:00Z, 2026-12-19T04:59:59Z",
        "patient-engagement, 2026-03-07T17:00:00Z, 2026-03-08T05:00:00Z, 2026-04-07T03:59:59Z",
        "medication-reconciliation, 2026-12-31T19:00:00Z, 2026-12-31T05:00:00Z, 2027-01-31T04:59:59Z",
        "medication-reconciliation, 2028-01-30T19:00:00Z, 2028-01-30T05:00:00Z, 2028-03-01T04:59:59Z",
        "medication-reconciliation, 2026-10-02T19:00:00Z, 2026-10-02T04:00:00Z, 2026-11-02T04:59:59Z"
    })
    void daysAreCalendarDaysOfTheSite(String code, Instant discharged, Instant opens, Instant due) {
        // When
        Milestone milestone = milestone(code, discharged);
        // Then
        assertThat(milestone.opens()).isEqualTo(opens);
        assertThat(milestone.due()).isEqualTo(due);
    }

    @ParameterizedTest(name = "admission {0} is to be told until {1}")
    @CsvSource({
        "2026-11-18T19:00:00Z, 2026-11-18T05:00:00Z, 2026-11-21T04:59:59Z",
        "2020-01-01T19:00:00Z, 2020-01-01T05:00:00Z, 2020-01-04T04:59:59Z",
        "2019-12-31T19:00:00Z, 2019-12-31T05:00:00Z, 2020-01-02T04:59:59Z",
        "2020-01-01T04:59:00Z, 2019-12-31T05:00:00Z, 2020-01-02T04:59:59Z"
    })
    void anAdmissionIsToBeToldAsTheMeasurementYearHasIt(Instant admitted, Instant opens, Instant due) {
        // When
        List<Milestone> all = MILESTONES.afterAdmission(admitted, NEW_YORK);
        // Then
        assertThat(all).singleElement().satisfies(milestone -> {
            assertThat(milestone.code()).isEqualTo("admission-notification");
            assertThat(milestone.opens()).isEqualTo(opens);
            assertThat(milestone.due()).isEqualTo(due);
        });
    }

    @Test
    void eachMilestoneHasSomethingThatShowsIt() {
        assertThat(MILESTONES.after(
                        Instant.parse("2026-11-18T19:00:00Z"),
                        RiskBand.HIGH,
                        DischargeDestination.HOME_HEALTH,
                        NEW_YORK))
                .allSatisfy(milestone ->
                        assertThat(MILESTONES.needs(milestone.code()).kinds()).contains("task:" + milestone.code()));
        assertThat(MILESTONES.needs("none")).isEqualTo(MilestoneNeeds.NOTHING);
        assertThat(MILESTONES.needs("outreach").attempts().map(MilestoneNeeds.Attempts::least))
                .isEqualTo(Optional.of(2));
    }

    private static Milestone milestone(String code, Instant discharged) {
        return MILESTONES.after(discharged, RiskBand.HIGH, DischargeDestination.HOME, NEW_YORK).stream()
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElseThrow();
    }
}
