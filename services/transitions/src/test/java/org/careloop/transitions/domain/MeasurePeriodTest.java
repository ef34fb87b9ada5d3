package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Map;
import org.careloop.transitions.domain.TransitionMeasures.Definition;
import org.hl7.fhir.r4.model.MeasureReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a report says all that can be said. */
class MeasurePeriodTest {

    private static final MeasurePeriod MARCH = MeasurePeriod.of(YearMonth.of(2026, 3));
    private static final Definition RULES = new Definition("one", "One", "rules-2", Map.of("group", "Group"));

    @ParameterizedTest(name = "on {0}, followed since {1}: {2}")
    @CsvSource({
        "2026-05-01, 2026-01-15, false",
        "2026-05-02, 2026-01-15, true",
        "2026-05-02, 2026-03-01, true",
        "2026-05-02, 2026-03-02, false",
        "2027-05-02, 2026-04-15, false"
    })
    void isWholeWhenEvidenceHadTimeAndWhoPaysWasFollowed(LocalDate today, LocalDate since, boolean whole) {
        assertThat(MARCH.isWhole(today, 31, since)).isEqualTo(whole);
    }

    @Test
    void aReportIsFinalByItsOwnRulesOnly() {
        assertThat(MeasureResources.isFinal(report(true), RULES)).isTrue();
        assertThat(MeasureResources.isFinal(report(false), RULES)).isFalse();
        assertThat(MeasureResources.isFinal(report(true), new Definition("one", "One", "rules-3", RULES.groups())))
                .isFalse();
    }

    @Test
    void aReportOfEarlierDaysTellsSinceWhenMuchIsKnown() {
        // When
        MeasureReport early = report(true);
        MeasureResources.tellGap(early, MARCH, LocalDate.parse("2026-03-02"));
        MeasureReport late = report(true);
        MeasureResources.tellGap(late, MARCH, LocalDate.parse("2026-03-01"));
        // Then
        assertThat(early.getExtensionByUrl(MeasureResources.FOLLOWED_SINCE_EXTENSION)
                        .getValue()
                        .primitiveValue())
                .isEqualTo("2026-03-02");
        assertThat(late.hasExtension()).isFalse();
    }

    private static MeasureReport report(boolean whole) {
        return MeasureResources.report(RULES, MARCH, "clinic", whole, Map.of(), Instant.parse("2026-05-02T12:00:00Z"));
    }
}
