package org.careloop.referrals.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.referrals.domain.DirectoryRules;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.FineStates;
import org.careloop.referrals.domain.Offers;
import org.careloop.referrals.domain.ScorecardRules;
import org.careloop.referrals.domain.TaskClocks;
import org.careloop.referrals.domain.hsds.HsdsTerms;
import org.careloop.ruledata.BusinessCalendar;

/** Reads the rule data once, at start-up: a fault in it stops the start, not a referral. */
@Singleton
class Rules {

    Rules() {}

    @Produces
    @Singleton
    EndReasons endReasons() {
        return EndReasons.shipped();
    }

    @Produces
    @Singleton
    DirectoryRules directoryRules() {
        return DirectoryRules.shipped();
    }

    @Produces
    @Singleton
    HsdsTerms hsdsTerms() {
        return HsdsTerms.shipped();
    }

    @Produces
    @Singleton
    FineStates fineStates() {
        return FineStates.shipped();
    }

    @Produces
    @Singleton
    Offers offers() {
        return Offers.shipped();
    }

    @Produces
    @Singleton
    TaskClocks taskClocks() {
        return TaskClocks.shipped(BusinessCalendar.usFederal());
    }

    @Produces
    @Singleton
    ScorecardRules scorecardRules() {
        return ScorecardRules.shipped();
    }
}
