package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.careloop.ruledata.BusinessCalendar;
import org.careloop.ruledata.RuleData;
import org.jspecify.annotations.Nullable;

/** Computes what has to happen after a discharge, and when, from {@code rules/milestones-2026.yaml}. */
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

    record Rules(String version, List<Rule> milestones) {}

    record Rule(
            String code,
            String title,
            int within,
            Unit unit,
            @Nullable Integer target,
            int opensAfterDays,
            List<RiskBand> bands,
            List<DischargeDestination> destinations,
            String source) {

        private boolean appliesTo(RiskBand band, DischargeDestination destination) {
            return bands.contains(band) && destinations.contains(destination);
        }
    }

    private final Rules rules;
    private final BusinessCalendar calendar;

    DischargeMilestones(Rules rules, BusinessCalendar calendar) {
        this.rules = rules;
        this.calendar = calendar;
    }

    /** Returns the milestones of 2026, with business days by {@code calendar}. */
    public static DischargeMilestones standard(BusinessCalendar calendar) {
        return new DischargeMilestones(RuleData.fromResource(Rules.class, "rules/milestones-2026.yaml"), calendar);
    }

    /** Names the rules and their edition. */
    public String version() {
        return rules.version();
    }

    /** Returns the milestones of a discharge, in the order of the rules; none for a destination that has none. */
    public List<Milestone> after(Instant discharged, RiskBand band, DischargeDestination destination, ZoneId zone) {
        return rules.milestones().stream()
                .filter(rule -> rule.appliesTo(band, destination))
                .map(rule -> milestone(rule, discharged, zone))
                .toList();
    }

    private Milestone milestone(Rule rule, Instant discharged, ZoneId zone) {
        LocalDate day = discharged.atZone(zone).toLocalDate();
        Instant opens = rule.opensAfterDays() == 0
                ? discharged
                : day.plusDays(rule.opensAfterDays()).atStartOfDay(zone).toInstant();
        Optional<Instant> target =
                Optional.ofNullable(rule.target()).map(within -> due(rule.unit(), within, discharged, zone));
        Instant due = due(rule.unit(), rule.within(), discharged, zone);
        return new Milestone(rule.code(), rule.title(), opens, target, due, rule.source());
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
