package org.careloop.referrals.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.careloop.referrals.domain.UnmetReferral.Lack.NO_AGENCY;
import static org.careloop.referrals.domain.UnmetReferral.Lack.NO_CAPACITY;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.referrals.domain.UnmetNeeds.Need;
import org.careloop.referrals.domain.UnmetReferral.Area;
import org.careloop.referrals.domain.UnmetReferral.Lack;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.junit.jupiter.api.Test;

/** How many referrals lacked an agency, by kind and area. */
class UnmetNeedsTest {

    private static final ScorecardRules RULES = ScorecardRules.shipped();
    private static final Area BOSTON = new Area(Optional.of("MA"), Optional.of("021"));
    private static final Area WORCESTER = new Area(Optional.of("MA"), Optional.of("016"));
    private static final Area NOWHERE = new Area(Optional.empty(), Optional.empty());

    private static UnmetReferral lacking(String request, Area area, Lack lack, String... types) {
        return new UnmetReferral(request, List.of(types), area, lack);
    }

    private static Map<Lack, Optional<Integer>> counts(int noAgency, int noCapacity) {
        return Map.of(NO_AGENCY, Optional.of(noAgency), NO_CAPACITY, Optional.of(noCapacity));
    }

    @Test
    void countsByKindAndAreaInOrder() {
        assertThat(UnmetNeeds.of(
                                List.of(
                                        lacking("1", BOSTON, NO_AGENCY, "s|food"),
                                        lacking("2", BOSTON, NO_CAPACITY, "s|food"),
                                        lacking("3", BOSTON, NO_CAPACITY, "s|food"),
                                        lacking("4", WORCESTER, NO_AGENCY, "s|food"),
                                        lacking("5", NOWHERE, NO_AGENCY, "s|a-ride")),
                                RULES)
                        .needs())
                .containsExactly(
                        new Need("s|a-ride", NOWHERE, counts(1, 0)),
                        new Need("s|food", WORCESTER, counts(1, 0)),
                        new Need("s|food", BOSTON, counts(1, 2)));
    }

    @Test
    void aReferralCountsOnceHoweverOftenAnAgencyWasMissing() {
        assertThat(UnmetNeeds.of(
                                List.of(
                                        lacking("1", BOSTON, NO_CAPACITY, "s|food"),
                                        lacking("1", BOSTON, NO_CAPACITY, "s|food"),
                                        lacking("1", BOSTON, NO_AGENCY, "s|food")),
                                RULES)
                        .needs())
                .containsExactly(new Need("s|food", BOSTON, counts(1, 1)));
    }

    @Test
    void whatSeveralKindsCanServeCountsWithEach() {
        assertThat(UnmetNeeds.of(List.of(lacking("1", BOSTON, NO_AGENCY, "s|food", "s|meals")), RULES)
                        .needs())
                .extracting(Need::serviceType)
                .containsExactly("s|food", "s|meals");
    }

    @Test
    void nothingLackingIsNoNeed() {
        assertThat(UnmetNeeds.of(List.of(), RULES).needs()).isEmpty();
    }

    @Test
    void tooFewAreNotToldWhereASiteSaysSo() {
        // Given
        ScorecardRules least3 = new ScorecardRules(new ScorecardRules.Rules(
                "test",
                ZoneId.of("UTC"),
                List.of(new ScorecardRules.Band("all", "All", null)),
                Duration.ZERO,
                3,
                new ScorecardRules.Standings(90, 10, 0.8, 0.5, Duration.ZERO)));
        List<UnmetReferral> found = new ArrayList<>();
        IntStream.range(0, 3).forEach(i -> found.add(lacking("a" + i, BOSTON, NO_AGENCY, "s|food")));
        IntStream.range(0, 2).forEach(i -> found.add(lacking("b" + i, BOSTON, NO_CAPACITY, "s|food")));
        found.add(lacking("c", NOWHERE, NO_AGENCY, "s|food"));
        // When
        UnmetNeeds unmet = UnmetNeeds.of(found, least3);
        // Then
        assertThat(unmet.needs())
                .containsExactly(
                        new Need("s|food", NOWHERE, Map.of(NO_AGENCY, Optional.empty(), NO_CAPACITY, Optional.of(0))),
                        new Need("s|food", BOSTON, Map.of(NO_AGENCY, Optional.of(3), NO_CAPACITY, Optional.empty())));
        UnmetNeedsReport report = new UnmetNeedsReport(
                DayPeriod.of("2026-11-01", "2026-11-30", RULES.zone()), Optional.empty(), Instant.EPOCH, unmet);
        MeasureReport told = report.asMeasureReport();
        StratifierGroupComponent nowhere =
                told.getGroupFirstRep().getStratifierFirstRep().getStratumFirstRep();
        assertThat(nowhere.getComponentFirstRep().getValue().getCodingFirstRep().getCode())
                .isEqualTo("unknown");
        assertThat(nowhere.getPopulationFirstRep().getCountElement().hasValue()).isFalse();
        assertThat(nowhere.getPopulationFirstRep()
                        .getCountElement()
                        .getExtensionFirstRep()
                        .getValue()
                        .primitiveValue())
                .isEqualTo("masked");
        assertThat(report.asFigures().toString()).contains("no-agency=null").contains("no-agency=3");
    }
}
