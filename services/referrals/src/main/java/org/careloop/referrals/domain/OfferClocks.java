package org.careloop.referrals.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import org.careloop.ruledata.BusinessCalendar;
import org.careloop.ruledata.RuleData;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.jspecify.annotations.Nullable;

/** How long an agency may stay silent: {@code rules/offer-clocks.yaml}. */
public final class OfferClocks {

    /** Either business days or hours. */
    record Limit(@Nullable Integer businessDays, @Nullable Integer hours) {

        Limit {
            if ((businessDays == null) == (hours == null)) {
                throw new IllegalArgumentException("limit: both or neither (expected: business-days or hours)");
            }
        }
    }

    record Rules(String version, ZoneId zone, Map<TaskPriority, Limit> answerBy) {}

    private final Rules rules;
    private final BusinessCalendar calendar;

    OfferClocks(Rules rules, BusinessCalendar calendar) {
        this.rules = rules;
        this.calendar = calendar;
        for (TaskPriority priority : TaskPriority.values()) {
            if (priority != TaskPriority.NULL && !rules.answerBy().containsKey(priority)) {
                throw new IllegalStateException("answer-by: no limit for " + priority + " (expected: one for each)");
            }
        }
    }

    /** Returns the clocks that this product ships, which count in {@code calendar}. */
    public static OfferClocks shipped(BusinessCalendar calendar) {
        return new OfferClocks(RuleData.fromResource(Rules.class, "rules/offer-clocks.yaml"), calendar);
    }

    /** Returns when an agency that is asked {@code asked} to do {@code referral} has to have answered; routine where it has no priority. */
    public Instant answerBy(Task referral, Instant asked) {
        Limit limit = rules.answerBy().get(referral.hasPriority() ? referral.getPriority() : TaskPriority.ROUTINE);
        if (limit.businessDays() == null) {
            return asked.plus(Duration.ofHours(limit.hours()));
        }
        LocalDate day = LocalDate.ofInstant(asked, rules.zone());
        return calendar.endOfBusiness(calendar.plusBusinessDays(day, limit.businessDays()), rules.zone());
    }
}
