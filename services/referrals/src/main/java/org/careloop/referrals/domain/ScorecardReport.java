package org.careloop.referrals.domain;

import static org.careloop.referrals.domain.MeasureGroups.code;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.careloop.referrals.domain.Scorecard.Rate;
import org.careloop.referrals.domain.Scorecard.Step;
import org.careloop.referrals.domain.Scorecard.Times;
import org.careloop.referrals.domain.ScorecardRules.Band;
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
 */
public record ScorecardReport(
        String agency, ReportPeriod period, Optional<String> service, Instant at, Scorecard card) {

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
        MeasureGroups.rate(report, "acceptance-rate", card.acceptance());
        MeasureGroups.rate(report, "loop-closure-rate", card.loopClosure());
        card.times().forEach((step, times) -> {
            MeasureGroups.time(report, "time-to-" + code(step) + "-median", times.count(), times.median());
            MeasureGroups.time(report, "time-to-" + code(step) + "-p90", times.count(), times.p90());
        });
        reasons(MeasureGroups.group(report, "not-done"), reasons.displays());
        open(MeasureGroups.group(report, "open"), rules);
        return report;
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
        return figures;
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
