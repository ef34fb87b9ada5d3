package org.careloop.referrals.domain;

import static org.careloop.referrals.domain.MeasureGroups.code;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.referrals.domain.Agreement.Benchmark;
import org.careloop.referrals.domain.Scorecard.Rate;
import org.careloop.referrals.domain.Scorecard.Step;
import org.careloop.referrals.domain.Scorecard.Times;
import org.careloop.referrals.domain.ScorecardRules.Band;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupStratifierComponent;
import org.jspecify.annotations.Nullable;

/**
 * The scorecard of an agency as it is told.
 *
 * @param agency a literal reference
 * @param service {@code system|code} that the requests have; empty for all
 * @param at when it was counted
 * @param benchmarks what who asks has agreed on with the agency
 */
public record ScorecardReport(
        String agency,
        DayPeriod period,
        Optional<String> service,
        Instant at,
        Scorecard card,
        List<Benchmark> benchmarks) {

    private static final String ACCEPTANCE_RATE = "acceptance-rate";
    private static final String LOOP_CLOSURE_RATE = "loop-closure-rate";

    /** The figures that may be agreed on, by the codes of the report's groups: rates, and times in hours. */
    public static final List<String> FIGURES = Stream.concat(
                    Stream.of(ACCEPTANCE_RATE, LOOP_CLOSURE_RATE),
                    Arrays.stream(Step.values()).flatMap(step -> Stream.of(median(step), p90(step))))
            .toList();

    private static final String BENCHMARK = "https://careloop.org/fhir/StructureDefinition/benchmark";

    private static final String SERVICE = "https://careloop.org/fhir/StructureDefinition/scorecard-service";

    /**
     * Returns the figures as a MeasureReport of {@code Measure/referral-scorecard}: a group for each.
     *
     * <p>FHIR R4 has no subject for a measure of an organisation but its reporter.
     *
     * @see <a href="https://hl7.org/fhir/R4/measurereport.html">FHIR R4 MeasureReport</a>
     */
    public MeasureReport asMeasureReport(ScorecardRules rules, EndReasons reasons) {
        MeasureReport report = MeasureGroups.report("referral-scorecard", period, Optional.of(agency), at);
        service.ifPresent(code -> report.addExtension(SERVICE, MeasureGroups.coding(code)));
        MeasureReportGroupComponent volume = MeasureGroups.group(report, "volume");
        MeasureGroups.count(volume, "asked", card.asked());
        MeasureGroups.count(volume, "accepted", card.accepted());
        card.outcomes().forEach((outcome, count) -> MeasureGroups.count(volume, code(outcome), count));
        MeasureGroups.rate(report, ACCEPTANCE_RATE, card.acceptance());
        MeasureGroups.rate(report, LOOP_CLOSURE_RATE, card.loopClosure());
        card.times().forEach((step, times) -> {
            MeasureGroups.time(report, median(step), times.count(), times.median());
            MeasureGroups.time(report, p90(step), times.count(), times.p90());
        });
        reasons(MeasureGroups.group(report, "not-done"), reasons.displays());
        open(MeasureGroups.group(report, "open"), rules);
        report.getGroup().forEach(this::compare);
        return report;
    }

    /** What was agreed on stands beside the figure, with whether it is met where there is a figure. */
    private void compare(MeasureReportGroupComponent group) {
        benchmarks.stream()
                .filter(benchmark ->
                        group.getCode().getCodingFirstRep().getCode().equals(benchmark.figure()))
                .forEach(benchmark -> {
                    Extension told = group.addExtension().setUrl(BENCHMARK);
                    told.addExtension("target", new DecimalType(benchmark.target()));
                    actual(benchmark)
                            .ifPresent(actual -> told.addExtension("met", new BooleanType(benchmark.isMetBy(actual))));
                });
    }

    private Optional<BigDecimal> actual(Benchmark benchmark) {
        Optional<BigDecimal> rate = switch (benchmark.figure()) {
            case ACCEPTANCE_RATE -> card.acceptance().value().map(MeasureGroups::rounded);
            case LOOP_CLOSURE_RATE -> card.loopClosure().value().map(MeasureGroups::rounded);
            default -> Optional.empty();
        };
        return rate.or(() -> card.times().entrySet().stream()
                .flatMap(each -> Stream.of(
                                Map.entry(median(each.getKey()), each.getValue().median()),
                                Map.entry(p90(each.getKey()), each.getValue().p90()))
                        .filter(time -> time.getKey().equals(benchmark.figure())))
                .flatMap(time -> time.getValue().stream())
                .findFirst()
                .map(MeasureGroups::hours));
    }

    private static String median(Step step) {
        return "time-to-" + code(step) + "-median";
    }

    private static String p90(Step step) {
        return "time-to-" + code(step) + "-p90";
    }

    private void reasons(MeasureReportGroupComponent group, Map<String, String> displays) {
        MeasureGroups.count(
                group,
                "not-done",
                card.reasons().values().stream().mapToInt(Integer::intValue).sum());
        if (card.reasons().isEmpty()) {
            return;
        }
        MeasureReportGroupStratifierComponent stratifier =
                group.addStratifier().setCode(MeasureGroups.concepts("reason"));
        card.reasons()
                .forEach((reason, count) -> MeasureGroups.stratum(
                        stratifier
                                .addStratum()
                                .setValue(
                                        reason.equals(TaskVersion.UNCODED)
                                                ? MeasureGroups.concept(reason)
                                                : MeasureGroups.concept(
                                                        EndReasons.SYSTEM, reason, displays.get(reason))),
                        "not-done",
                        Optional.of(count)));
    }

    private void open(MeasureReportGroupComponent group, ScorecardRules rules) {
        MeasureGroups.count(group, "open", card.outcomes().get(ReferralCourse.Outcome.OPEN));
        MeasureReportGroupStratifierComponent stratifier = group.addStratifier().setCode(MeasureGroups.concepts("age"));
        for (Band band : rules.openAges()) {
            MeasureGroups.stratum(
                    stratifier
                            .addStratum()
                            .setValue(MeasureGroups.concept(MeasureGroups.SYSTEM, band.code(), band.display())),
                    "open",
                    Optional.of(card.openByAge().get(band.code())));
        }
    }

    /** Returns the same figures as plain values that JSON knows; what cannot be told, such as a rate of nothing, is null. */
    public Map<String, @Nullable Object> asFigures() {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("agency", agency);
        figures.put("start", period.start().toString());
        figures.put("end", period.end().toString());
        figures.put("service", service.orElse(null));
        figures.put("countedAt", at.toString());
        figures.put("asked", card.asked());
        figures.put("accepted", card.accepted());
        Map<String, Object> outcomes = new LinkedHashMap<>();
        card.outcomes().forEach((outcome, count) -> outcomes.put(code(outcome), count));
        figures.put("outcomes", outcomes);
        figures.put("acceptanceRate", rate(card.acceptance()));
        figures.put("loopClosureRate", rate(card.loopClosure()));
        Map<String, Object> hours = new LinkedHashMap<>();
        for (Step step : Step.values()) {
            hours.put("to-" + code(step), hours(card.times().get(step)));
        }
        figures.put("hours", hours);
        figures.put("reasons", new LinkedHashMap<String, Object>(card.reasons()));
        figures.put("openByAge", new LinkedHashMap<String, Object>(card.openByAge()));
        figures.put("benchmarks", benchmarks.stream().map(this::compared).toList());
        return figures;
    }

    private Map<String, @Nullable Object> compared(Benchmark benchmark) {
        Map<String, @Nullable Object> compared = new LinkedHashMap<>();
        compared.put("figure", benchmark.figure());
        compared.put("target", benchmark.target());
        compared.put("met", actual(benchmark).map(benchmark::isMetBy).orElse(null));
        return compared;
    }

    private static @Nullable Object rate(Rate rate) {
        return rate.value().map(MeasureGroups::rounded).orElse(null);
    }

    private static Map<String, @Nullable Object> hours(Times times) {
        Map<String, @Nullable Object> hours = new LinkedHashMap<>();
        hours.put("count", times.count());
        hours.put("median", hours(times.median()));
        hours.put("p90", hours(times.p90()));
        return hours;
    }

    private static @Nullable Object hours(Optional<Duration> time) {
        return time.map(MeasureGroups::hours).orElse(null);
    }
}
