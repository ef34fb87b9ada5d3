package org.careloop.transitions.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.transitions.domain.StayDelay.Amount;
import org.careloop.transitions.domain.StayDelay.Slice;
import org.careloop.transitions.domain.StayDelay.Times;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.junit.jupiter.api.Test;

class StayDelayTest {

    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private final AvoidableRules rules = AvoidableRules.shipped();
    private final Times stay = new Times(at("03-03T08:00"), Optional.of(at("03-05T12:00")), at("03-07T15:00"));

    @Test
    void whatNobodyExplainsIsFromThePlannedEndToTheActualOne() {
        StayDelay delay = StayDelay.of(stay, List.of());
        assertThat(delay.slices()).containsExactly(undocumented("03-05T12:00", "03-07T15:00"));
        assertThat(delay.total(ZONE)).isEqualTo(new Amount(Duration.ofHours(51), 2));
    }

    @Test
    void readinessComesBeforeThePlan() {
        StayDelay delay = StayDelay.of(stay, List.of(ready("03-06T10:00", 1)));
        assertThat(delay.slices()).containsExactly(undocumented("03-06T10:00", "03-07T15:00"));
        // The last word counts
        delay = StayDelay.of(stay, List.of(ready("03-07T09:00", 2), ready("03-06T10:00", 1)));
        assertThat(delay.slices()).containsExactly(undocumented("03-07T09:00", "03-07T15:00"));
    }

    @Test
    void whoLeavesAsPlannedHasNoDelay() {
        Times early = new Times(at("03-03T08:00"), Optional.of(at("03-05T12:00")), at("03-05T11:00"));
        assertThat(StayDelay.of(early, List.of()).slices()).isEmpty();
        assertThat(StayDelay.of(new Times(at("03-03T08:00"), Optional.empty(), at("03-09T11:00")), List.of())
                        .slices())
                .isEmpty();
    }

    @Test
    void noHourCountsTwice() {
        // Given causes that overlap, one of which began before the plan ended, and one that lasts
        List<DelayEntry> causes = List.of(
                cause("placement", "post-acute", "03-05T20:00", null, 1),
                cause("payer-authorisation", "payer", "03-05T08:00", "03-06T08:00", 2));
        // When
        StayDelay delay = StayDelay.of(stay, causes);
        // Then
        assertThat(delay.slices())
                .extracting(Slice::reason)
                .containsExactly("payer-authorisation", "payer-authorisation", "payer-authorisation", "placement");
        assertThat(delay.total(ZONE).time()).isEqualTo(Duration.between(at("03-05T08:00"), at("03-07T15:00")));
        assertThat(delay.total(ZONE).days()).isEqualTo(2);
        assertThat(amount(delay, "payer-authorisation")).isEqualTo(new Amount(Duration.ofHours(24), 1));
        assertThat(amount(delay, "placement")).isEqualTo(new Amount(Duration.ofHours(31), 1));
    }

    @Test
    void causesAreCutToTheStayAndThoseWithdrawnDoNotCount() {
        Times unplanned = new Times(at("03-03T08:00"), Optional.empty(), at("03-07T15:00"));
        DelayEntry late = cause("transport", "service", "03-07T12:00", "03-08T12:00", 1);
        assertThat(StayDelay.of(unplanned, List.of(late)).total(ZONE).time()).isEqualTo(Duration.ofHours(3));
        DelayEntry withdrawn = new DelayEntry(
                late.cause(),
                late.reason(),
                late.attribution(),
                late.start(),
                late.end(),
                Optional.of("mistaken"),
                late.by(),
                late.recordedBy(),
                late.at().plusSeconds(1),
                true);
        assertThat(StayDelay.of(unplanned, List.of(withdrawn, late)).slices()).isEmpty();
    }

    @Test
    void aDayIsAMidnightAtTheSiteAlsoWhenClocksChange() {
        // 8 March 2026 has 23 hours in New York
        Slice slice = new Slice(
                Instant.parse("2026-03-08T04:59:00Z"), Instant.parse("2026-03-09T04:00:00Z"), "other", "service");
        assertThat(Amount.of(slice, ZONE).days()).isEqualTo(2);
        Slice within = new Slice(at("03-05T00:00"), at("03-05T23:59"), "other", "service");
        assertThat(Amount.of(within, ZONE).days()).isZero();
    }

    @Test
    void theReportIsByMonthFacilityReasonAndAttribution() {
        // Given
        AvoidableReport report = new AvoidableReport(rules, DayPeriod.of("2026-03-01", "2026-04-30", ZONE));
        Times lengthy = new Times(at("03-03T08:00"), Optional.of(at("03-30T12:00")), at("04-02T12:00"));
        report.add("1", "Organization/north", StayDelay.of(lengthy, List.of()), ZONE);
        report.add("2", "Organization/north", StayDelay.of(lengthy, List.of()), ZONE);
        report.add("3", "Organization/south", StayDelay.of(stay, List.of()), ZONE);
        // When
        MeasureReport told = report.asMeasureReport(Optional.of("Organization/riverside-clinic"), at("05-01T00:00"));
        // Then
        List<StratifierGroupComponent> strata =
                told.getGroupFirstRep().getStratifierFirstRep().getStratum();
        assertThat(strata)
                .extracting(
                        each -> each.getComponent().get(0).getValue().getText(),
                        each -> each.getComponent().get(1).getValue().getText(),
                        each -> each.getPopulation().get(0).getCount(),
                        each -> each.getPopulation().get(1).getCount(),
                        each -> each.getMeasureScore().getValue())
                .containsExactly(
                        tuple("2026-03", "Organization/north", 2, 4, new BigDecimal("72.00")),
                        tuple("2026-03", "Organization/south", 1, 2, new BigDecimal("51.00")),
                        tuple("2026-04", "Organization/north", 2, 2, new BigDecimal("72.00")));
    }

    @Test
    void aDayOnWhichAStayIsToEndIsOverBeforeItIsADelay() {
        Encounter encounter = new Encounter().setStatus(EncounterStatus.FINISHED);
        encounter.getPeriod().setStartElement(new DateTimeType("2026-03-03T08:00:00-05:00"));
        encounter.getPeriod().setEndElement(new DateTimeType("2026-03-07T15:00:00-05:00"));
        encounter.addExtension(
                "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate",
                new DateTimeType("2026-03-06"));
        assertThat(StayTimes.of(encounter, ZONE, at("05-01T00:00")).flatMap(Times::planned))
                .contains(at("03-07T00:00"));
        assertThat(StayTimes.of(encounter.setStatus(EncounterStatus.CANCELLED), ZONE, at("05-01T00:00")))
                .isEmpty();
    }

    @Test
    void codesAreThoseOfTheRules() {
        rules.check("placement", "payer");
        assertThatThrownBy(() -> rules.check("bad-luck", "payer"))
                .isInstanceOf(FhirProblem.class)
                .hasMessageContaining("reason: unknown");
        assertThatThrownBy(() -> rules.check("placement", "nobody")).hasMessageContaining("attribution: unknown");
        assertThat(AvoidableReport.cost(rules, new Amount(Duration.ofHours(51), 2))
                        .getValue())
                .isEqualByComparingTo("5600");
    }

    private static Amount amount(StayDelay delay, String reason) {
        return delay.slices().stream()
                .filter(slice -> slice.reason().equals(reason))
                .map(slice -> Amount.of(slice, ZONE))
                .reduce(Amount.NONE, Amount::plus);
    }

    private static Slice undocumented(String from, String until) {
        return new Slice(at(from), at(until), StayDelay.UNDOCUMENTED, StayDelay.UNDOCUMENTED);
    }

    private static DelayEntry ready(String time, int order) {
        return entry(DelayEntry.READY, "", "", time, null, order);
    }

    private static DelayEntry cause(String reason, String attribution, String start, String end, int order) {
        return entry(reason, reason, attribution, start, end, order);
    }

    private static DelayEntry entry(
            String cause, String reason, String attribution, String start, String end, int order) {
        return new DelayEntry(
                cause,
                reason,
                attribution,
                at(start),
                Optional.ofNullable(end).map(StayDelayTest::at),
                Optional.empty(),
                "Practitioner/1",
                "Organization/1 casey",
                at("05-01T00:00").plusSeconds(order),
                false);
    }

    private static Instant at(String time) {
        return LocalDateTime.parse("2026-" + time).atZone(ZONE).toInstant();
    }
}
