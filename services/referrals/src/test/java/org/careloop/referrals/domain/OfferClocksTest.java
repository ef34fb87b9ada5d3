package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.careloop.ruledata.BusinessCalendar;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By when an agency has to have answered, by {@code rules/offer-clocks.yaml}, in New York. */
class OfferClocksTest {

    private static final OfferClocks CLOCKS = OfferClocks.shipped(BusinessCalendar.usFederal());

    @ParameterizedTest
    @CsvSource({
        // Friday: over the weekend.
        "ROUTINE, 2026-11-13T15:00:00Z, 2026-11-17T22:00:00Z",
        "URGENT, 2026-11-13T15:00:00Z, 2026-11-16T22:00:00Z",
        // Saturday and Sunday.
        "ROUTINE, 2026-11-14T15:00:00Z, 2026-11-17T22:00:00Z",
        "URGENT, 2026-11-15T15:00:00Z, 2026-11-16T22:00:00Z",
        // Wednesday before Thanksgiving.
        "ROUTINE, 2026-11-25T15:00:00Z, 2026-11-30T22:00:00Z",
        "URGENT, 2026-11-25T15:00:00Z, 2026-11-27T22:00:00Z",
        // Late in the evening in New York it is the next day in Greenwich.
        "URGENT, 2026-11-17T04:30:00Z, 2026-11-17T22:00:00Z",
        // Friday before summer time begins: the day ends an hour earlier in Greenwich.
        "URGENT, 2026-03-06T15:00:00Z, 2026-03-09T21:00:00Z",
        // End of the year.
        "ROUTINE, 2026-12-31T15:00:00Z, 2027-01-05T22:00:00Z",
        // Hours count through nights and weekends.
        "ASAP, 2026-11-14T23:00:00Z, 2026-11-15T03:00:00Z",
        "STAT, 2026-11-14T23:30:00Z, 2026-11-15T00:30:00Z"
    })
    void endsInBusinessTime(TaskPriority priority, Instant asked, Instant expected) {
        assertThat(CLOCKS.answerBy(Tasks.referral(TaskStatus.REQUESTED).setPriority(priority), asked))
                .isEqualTo(expected);
    }

    @Test
    void isRoutineWithoutPriority() {
        Instant friday = Instant.parse("2026-11-13T15:00:00Z");
        assertThat(CLOCKS.answerBy(Tasks.referral(TaskStatus.REQUESTED).setPriority(null), friday))
                .isEqualTo(Instant.parse("2026-11-17T22:00:00Z"));
    }
}
