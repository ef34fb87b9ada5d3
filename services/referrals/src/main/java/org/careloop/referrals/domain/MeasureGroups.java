package org.careloop.referrals.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careloop.fhirmodel.DayPeriod;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportStatus;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportType;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

/** How figures stand in a MeasureReport. */
final class MeasureGroups {

    static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/referral-figure";

    private static final String MEASURES = "https://careloop.org/fhir/Measure/";
    private static final String POPULATIONS = "http://terminology.hl7.org/CodeSystem/measure-population";
    private static final String UCUM = "http://unitsofmeasure.org";
    private static final String DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    private static final int DIGITS = 4;
    private static final double MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();

    private MeasureGroups() {}

    static MeasureReport report(String measure, DayPeriod period, Optional<String> reporter, Instant at) {
        MeasureReport report = new MeasureReport()
                .setStatus(MeasureReportStatus.COMPLETE)
                .setType(MeasureReportType.SUMMARY)
                .setMeasure(MEASURES + measure)
                .setDate(Date.from(at))
                .setPeriod(period.asPeriod());
        reporter.ifPresent(organization -> report.setReporter(new Reference(organization)));
        return report;
    }

    /** A group of one figure, by the code that it has in {@link #SYSTEM}. */
    static MeasureReportGroupComponent group(MeasureReport report, String code) {
        return report.addGroup().setCode(concept(code));
    }

    static void count(MeasureReportGroupComponent group, String code, int count) {
        group.addPopulation().setCode(concept(code)).setCount(count);
    }

    static void rate(MeasureReport report, String code, Scorecard.Rate rate) {
        MeasureReportGroupComponent group = group(report, code);
        group.addPopulation().setCode(population("denominator")).setCount(rate.whole());
        group.addPopulation().setCode(population("numerator")).setCount(rate.part());
        rate.value().ifPresent(value -> group.setMeasureScore(quantity(rounded(value), "1")));
    }

    /** A time in hours that {@code count} referrals had. */
    static void time(MeasureReport report, String code, int count, Optional<Duration> time) {
        MeasureReportGroupComponent group = group(report, code);
        group.addPopulation().setCode(population("measure-observation")).setCount(count);
        time.ifPresent(value -> group.setMeasureScore(quantity(hours(value), "h")));
    }

    /** Counts of a stratum; those that are empty are there and not told. */
    static void stratum(StratifierGroupComponent stratum, String code, Optional<Integer> count) {
        MeasureReport.StratifierGroupPopulationComponent population =
                stratum.addPopulation().setCode(concept(code));
        count.ifPresentOrElse(
                population::setCount,
                () -> population.getCountElement().addExtension(DATA_ABSENT, new CodeType("masked")));
    }

    static CodeableConcept concept(String code) {
        return new CodeableConcept(new Coding(SYSTEM, code, null));
    }

    static CodeableConcept concept(String system, String code, @Nullable String display) {
        return new CodeableConcept(new Coding(system, code, display));
    }

    /** Reads {@code system|code}; the system may be missing. */
    static Coding coding(String token) {
        int bar = token.indexOf('|');
        return new Coding(bar > 0 ? token.substring(0, bar) : null, token.substring(bar + 1), null);
    }

    /** The code of a stratifier. */
    static List<CodeableConcept> concepts(String code) {
        return List.of(concept(code));
    }

    static BigDecimal hours(Duration time) {
        return rounded(time.toMillis() / MILLIS_PER_HOUR);
    }

    static BigDecimal rounded(double value) {
        BigDecimal rounded =
                BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_UP).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }

    /** How a name of ours is written as a code. */
    static String code(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static CodeableConcept population(String code) {
        return concept(POPULATIONS, code, null);
    }

    private static Quantity quantity(BigDecimal value, String unit) {
        return new Quantity().setValue(value).setSystem(UCUM).setCode(unit).setUnit(unit);
    }
}
