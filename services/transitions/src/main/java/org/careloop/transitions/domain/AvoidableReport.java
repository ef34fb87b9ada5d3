package org.careloop.transitions.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.transitions.domain.StayDelay.Amount;
import org.careloop.transitions.domain.StayDelay.Slice;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupStratifierComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportStatus;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportType;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;

/** Avoidable days of some stays, by month, facility, reason and attribution. */
public final class AvoidableReport {

    static final String SYSTEM = "https://careloop.org/fhir/CodeSystem/avoidable-day-figure";

    private static final String COST = "https://careloop.org/fhir/StructureDefinition/avoidable-cost";
    private static final double SECONDS_PER_HOUR = Duration.ofHours(1).toSeconds();

    /** What figures are told of. */
    record Key(YearMonth month, String facility, String reason, String attribution) {

        static final Comparator<Key> ORDER = Comparator.comparing(Key::month)
                .thenComparing(Key::facility)
                .thenComparing(Key::reason)
                .thenComparing(Key::attribution);
    }

    private record Figure(Amount amount, Set<String> stays) {}

    private final Map<Key, Figure> figures = new TreeMap<>(Key.ORDER);
    private final AvoidableRules rules;
    private final DayPeriod days;

    public AvoidableReport(AvoidableRules rules, DayPeriod days) {
        this.rules = rules;
        this.days = days;
    }

    /** Counts what is of these days of the delay of a stay at {@code facility} (a literal reference). */
    public void add(String encounterId, String facility, StayDelay delay, ZoneId zone) {
        for (YearMonth month = YearMonth.from(days.start());
                !month.isAfter(YearMonth.from(days.end()));
                month = month.plusMonths(1)) {
            Instant from = latest(days.start().atStartOfDay(zone).toInstant(), start(month, zone));
            Instant until =
                    earliest(days.end().plusDays(1).atStartOfDay(zone).toInstant(), start(month.plusMonths(1), zone));
            for (Slice slice : delay.within(from, until).slices()) {
                Figure figure = figures.computeIfAbsent(
                        new Key(month, facility, slice.reason(), slice.attribution()),
                        key -> new Figure(Amount.NONE, new HashSet<>()));
                figure.stays().add(encounterId);
                figures.put(
                        new Key(month, facility, slice.reason(), slice.attribution()),
                        new Figure(figure.amount().plus(Amount.of(slice, zone)), figure.stays()));
            }
        }
    }

    /** Returns the report as {@code reporter} (a literal reference) asked for it {@code at}. */
    public MeasureReport asMeasureReport(Optional<String> reporter, Instant at) {
        MeasureReport report = new MeasureReport()
                .setStatus(MeasureReportStatus.COMPLETE)
                .setType(MeasureReportType.SUMMARY)
                .setMeasure("https://careloop.org/fhir/Measure/avoidable-days")
                .setDate(Date.from(at))
                .setPeriod(new Period()
                        .setStartElement(new DateTimeType(days.start().toString()))
                        .setEndElement(new DateTimeType(days.end().toString())));
        reporter.ifPresent(organization -> report.setReporter(new Reference(organization)));
        MeasureReportGroupStratifierComponent stratifier = report.addGroup()
                .setCode(concept("avoidable-days"))
                .addStratifier()
                .setCode(List.of(concept("month-facility-reason-attribution")));
        figures.forEach((key, figure) -> stratum(stratifier.addStratum(), key, figure));
        return report;
    }

    private void stratum(StratifierGroupComponent stratum, Key key, Figure figure) {
        component(stratum, "month", new CodeableConcept().setText(key.month().toString()));
        component(stratum, "facility", new CodeableConcept().setText(key.facility()));
        component(stratum, "reason", concept(key.reason()));
        component(stratum, "attribution", concept(key.attribution()));
        stratum.addPopulation()
                .setCode(concept("stays"))
                .setCount(figure.stays().size());
        stratum.addPopulation()
                .setCode(concept("days"))
                .setCount(figure.amount().days());
        stratum.setMeasureScore(hours(figure.amount()));
        stratum.addExtension(COST, cost(rules, figure.amount()));
    }

    private static void component(StratifierGroupComponent stratum, String name, CodeableConcept value) {
        stratum.addComponent().setCode(concept(name)).setValue(value);
    }

    /** The time in hours. */
    public static Quantity hours(Amount amount) {
        BigDecimal hours =
                BigDecimal.valueOf(amount.time().toSeconds() / SECONDS_PER_HOUR).setScale(2, RoundingMode.HALF_UP);
        return new Quantity()
                .setValue(hours)
                .setSystem("http://unitsofmeasure.org")
                .setCode("h")
                .setUnit("h");
    }

    /** What the days cost, by {@code rules}. */
    public static Money cost(AvoidableRules rules, Amount amount) {
        return new Money()
                .setValue(rules.costPerDay().amount().multiply(BigDecimal.valueOf(amount.days())))
                .setCurrency(rules.costPerDay().currency());
    }

    static CodeableConcept concept(String code) {
        return new CodeableConcept(new Coding(SYSTEM, code, null));
    }

    private static Instant start(YearMonth month, ZoneId zone) {
        return month.atDay(1).atStartOfDay(zone).toInstant();
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earliest(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
