package org.careloop.transitions.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.careloop.transitions.domain.TransitionMeasures.Definition;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Expression;
import org.hl7.fhir.r4.model.Measure;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupStratifierComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportStatus;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportType;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;

/** Measures and their summaries in FHIR. Which rules a report is by is the version in its {@code measure}. */
public final class MeasureResources {

    /** The stratifiers of every group. */
    public static final List<String> STRATIFIERS = List.of("facility", "payer");

    /** On a MeasureReport of earlier days: from which on it is followed who patients are and who pays for them. */
    public static final String FOLLOWED_SINCE_EXTENSION =
            "https://careloop.org/fhir/StructureDefinition/followed-since";

    private static final String URL = "https://careloop.org/fhir/Measure/";
    private static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/transition-figure";
    private static final String POPULATIONS = "http://terminology.hl7.org/CodeSystem/measure-population";
    private static final List<String> OF_A_GROUP =
            List.of("initial-population", "denominator", "denominator-exclusion", "numerator");
    private static final int DIGITS = 4;

    private MeasureResources() {}

    /** Returns the Measure of {@code definition}. */
    public static Measure measure(Definition definition) {
        Measure measure = new Measure()
                .setUrl(URL + definition.id())
                .setVersion(definition.version())
                .setName(definition.id().replace("-", ""))
                .setTitle(definition.title())
                .setStatus(PublicationStatus.ACTIVE)
                .setScoring(new CodeableConcept(
                        new Coding("http://terminology.hl7.org/CodeSystem/measure-scoring", "proportion", null)));
        measure.setId(definition.id());
        definition.groups().forEach((code, title) -> {
            Measure.MeasureGroupComponent group =
                    measure.addGroup().setCode(figure(code)).setDescription(title);
            OF_A_GROUP.forEach(population ->
                    group.addPopulation().setCode(population(population)).setCriteria(rule(definition, population)));
            STRATIFIERS.forEach(stratifier ->
                    group.addStratifier().setCode(figure(stratifier)).setCriteria(rule(definition, stratifier)));
        });
        return measure;
    }

    private static Expression rule(Definition definition, String of) {
        return new Expression().setLanguage("text/plain").setExpression(of + " of the rules " + definition.version());
    }

    private static String canonical(Definition definition) {
        return URL + definition.id() + "|" + definition.version();
    }

    /** Whether {@code report} is complete by the rules of {@code definition}; what is complete by others says what they did. */
    public static boolean isFinal(MeasureReport report, Definition definition) {
        return report.getStatus() == MeasureReportStatus.COMPLETE
                && canonical(definition).equals(report.getMeasure());
    }

    /** Says in {@code report}, of {@code period}, when days of it are from before the day {@code since}, from which on much is known. */
    public static void tellGap(MeasureReport report, MeasurePeriod period, LocalDate since) {
        if (period.first().isBefore(since)) {
            report.addExtension(FOLLOWED_SINCE_EXTENSION, new DateType(since.toString()));
        }
    }

    /**
     * Returns a summary of the discharges of {@code period}.
     *
     * @param organization id of the Organization that it is told for
     * @param whole whether no evidence can change it any more but what is told late
     */
    public static MeasureReport report(
            Definition definition,
            MeasurePeriod period,
            String organization,
            boolean whole,
            Map<String, MeasureCounts> groups,
            Instant at) {
        MeasureReport report = new MeasureReport()
                .setStatus(whole ? MeasureReportStatus.COMPLETE : MeasureReportStatus.PENDING)
                .setType(MeasureReportType.SUMMARY)
                .setMeasure(canonical(definition))
                .setDate(Date.from(at))
                .setReporter(new Reference("Organization/" + organization))
                .setPeriod(period.asPeriod());
        definition.groups().keySet().forEach(code -> {
            MeasureCounts counts = groups.getOrDefault(code, new MeasureCounts());
            MeasureReportGroupComponent group = report.addGroup().setCode(figure(code));
            group(group, counts.all());
            counts.byStratifier().forEach((stratifier, strata) -> {
                MeasureReportGroupStratifierComponent shown = group.addStratifier();
                shown.addCode(figure(stratifier));
                strata.forEach((value, tally) -> stratum(shown.addStratum(), value, tally));
            });
        });
        return report;
    }

    private static void group(MeasureReportGroupComponent group, MeasureTally tally) {
        populations(tally)
                .forEach((code, count) -> group.addPopulation().setCode(code).setCount(count));
        tally.score().ifPresent(score -> group.setMeasureScore(score(score)));
    }

    private static void stratum(StratifierGroupComponent stratum, String value, MeasureTally tally) {
        stratum.setValue(figure(value));
        populations(tally)
                .forEach((code, count) -> stratum.addPopulation().setCode(code).setCount(count));
        tally.score().ifPresent(score -> stratum.setMeasureScore(score(score)));
    }

    private static Map<CodeableConcept, Integer> populations(MeasureTally tally) {
        Map<CodeableConcept, Integer> populations = new LinkedHashMap<>();
        populations.put(population("initial-population"), tally.initial());
        populations.put(population("denominator"), tally.denominator());
        populations.put(population("denominator-exclusion"), tally.excluded());
        populations.put(population("numerator"), tally.numerator());
        populations.put(figure("eligibility-unknown"), tally.unknown());
        populations.put(figure("open"), tally.open());
        populations.put(figure("verdict-unknown"), tally.untold());
        return populations;
    }

    private static Quantity score(double score) {
        return new Quantity().setValue(BigDecimal.valueOf(score).setScale(DIGITS, RoundingMode.HALF_UP));
    }

    private static CodeableConcept figure(String code) {
        return new CodeableConcept(new Coding(SYSTEM, code, null));
    }

    private static CodeableConcept population(String code) {
        return new CodeableConcept(new Coding(POPULATIONS, code, null));
    }
}
