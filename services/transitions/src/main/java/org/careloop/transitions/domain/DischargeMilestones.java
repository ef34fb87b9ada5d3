package org.careloop.transitions.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.ruledata.BusinessCalendar;
import org.careloop.ruledata.RuleSource;
import org.jspecify.annotations.Nullable;

/** Computes what has to happen after an admission and a discharge, and when, from {@code rules/milestones-2026.yaml}. */
public final class DischargeMilestones {

    /** The unit of {@link Rule#within}. */
    enum Unit {
        /** Elapsed hours from the discharge. */
        HOURS,
        /** Through the last second of the n-th calendar day after the day of discharge, in the site's zone. */
        CALENDAR_DAYS,
        /** To the end of business on the n-th business day after the day of discharge. */
        BUSINESS_DAYS
    }

    /** What a time counts from. */
    enum Anchor {
        ADMISSION,
        DISCHARGE
    }

    record Rules(String version, String calendar, int readmissionDays, List<Rule> milestones) {}

    /** How often it is enough to have tried. */
    record Tries(List<String> kinds, int least, Duration apart) {}

    record Rule(
            String code,
            String title,
            int within,
            Unit unit,
            @Nullable Integer target,
            int opensAfterDays,
            @Nullable Integer opensAfterHours,
            @Nullable Boolean wholeDays,
            @Nullable Anchor anchor,
            @Nullable Integer firstYear,
            @Nullable Integer lastYear,
            @Nullable List<RiskBand> bands,
            @Nullable List<DischargeDestination> destinations,
            List<String> evidence,
            @Nullable List<String> ahead,
            @Nullable Tries attempts,
            String source) {

        private boolean appliesTo(RiskBand band, DischargeDestination destination) {
            return (bands == null || bands.contains(band))
                    && (destinations == null || destinations.contains(destination));
        }

        private boolean isOf(Anchor which, int year) {
            return which == (anchor == null ? Anchor.DISCHARGE : anchor)
                    && (firstYear == null || firstYear <= year)
                    && (lastYear == null || year <= lastYear);
        }

        private MilestoneNeeds needs() {
            return new MilestoneNeeds(
                    evidence,
                    ahead == null ? List.of() : ahead,
                    Optional.ofNullable(attempts)
                            .map(tries -> new MilestoneNeeds.Attempts(tries.kinds(), tries.least(), tries.apart())));
        }
    }

    private final Rules rules;
    private final BusinessCalendar calendar;

    DischargeMilestones(Rules rules, BusinessCalendar calendar) {
        this.rules = rules;
        this.calendar = calendar;
    }

    /** Returns the rules that come with the service. */
    public static DischargeMilestones shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}, with business days by the calendar that they name; fails as it does. */
    public static DischargeMilestones of(RuleSource source) {
        Rules rules = source.read(Rules.class, "rules/milestones-2026.yaml");
        return new DischargeMilestones(rules, BusinessCalendar.named(rules.calendar(), source));
    }

    /** Names the rules and their edition. */
    public String version() {
        return rules.version();
    }

    /** How many days after a discharge another admission puts an end to what is asked for. */
    public int readmissionDays() {
        return rules.readmissionDays();
    }

    /** Returns what shows that the milestone {@code code} is reached. */
    public MilestoneNeeds needs(String code) {
        return rules.milestones().stream()
                .filter(rule -> rule.code().equals(code))
                .findFirst()
                .map(Rule::needs)
                .orElse(MilestoneNeeds.NOTHING);
    }

    /** Returns the milestones of an admission, wherever the patient goes afterwards. */
    public List<Milestone> afterAdmission(Instant admitted, ZoneId zone) {
        return of(Anchor.ADMISSION, admitted, zone).toList();
    }

    /** Returns the milestones of a discharge, in the order of the rules; none for a destination that has none. */
    public List<Milestone> after(Instant discharged, RiskBand band, DischargeDestination destination, ZoneId zone) {
        return rules.milestones().stream()
                .filter(rule -> rule.isOf(Anchor.DISCHARGE, yearOf(discharged, zone)))
                .filter(rule -> rule.appliesTo(band, destination))
                .map(rule -> milestone(rule, discharged, zone))
                .toList();
    }

    private Stream<Milestone> of(Anchor anchor, Instant at, ZoneId zone) {
        return rules.milestones().stream()
                .filter(rule -> rule.isOf(anchor, yearOf(at, zone)))
                .map(rule -> milestone(rule, at, zone));
    }

    private static int yearOf(Instant at, ZoneId zone) {
        return at.atZone(zone).getYear();
    }

    private Milestone milestone(Rule rule, Instant from, ZoneId zone) {
        Optional<Instant> target =
                Optional.ofNullable(rule.target()).map(within -> due(rule.unit(), within, from, zone));
        Instant due = due(rule.unit(), rule.within(), from, zone);
        return new Milestone(rule.code(), rule.title(), opens(rule, from, zone), target, due, rule.source());
    }

    private static Instant opens(Rule rule, Instant from, ZoneId zone) {
        LocalDate day = from.atZone(zone).toLocalDate();
        if (rule.opensAfterHours() != null) {
            return from.plus(rule.opensAfterHours(), ChronoUnit.HOURS);
        }
        return rule.opensAfterDays() == 0 && !Boolean.TRUE.equals(rule.wholeDays())
                ? from
                : day.plusDays(rule.opensAfterDays()).atStartOfDay(zone).toInstant();
    }

    private Instant due(Unit unit, int within, Instant discharged, ZoneId zone) {
        LocalDate day = discharged.atZone(zone).toLocalDate();
        return switch (unit) {
            case HOURS -> discharged.plus(within, ChronoUnit.HOURS);
            case CALENDAR_DAYS ->
                day.plusDays(within + 1L).atStartOfDay(zone).minusSeconds(1).toInstant();
            case BUSINESS_DAYS -> calendar.endOfBusiness(calendar.plusBusinessDays(day, within), zone);
        };
    }
}
