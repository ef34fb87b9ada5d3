package org.careloop.referrals.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.DirectoryRules;
import org.careloop.referrals.domain.EndReasons;
import org.careloop.referrals.domain.FineStates;
import org.careloop.referrals.domain.Offers;
import org.careloop.referrals.domain.ScorecardRules;
import org.careloop.referrals.domain.TaskClocks;
import org.careloop.referrals.domain.hsds.HsdsTerms;
import org.careloop.ruledata.RuleSource;

/** Reads the rule data once, at start-up: a fault in it stops the start, not a referral. */
@Singleton
class Rules {

    private final RuleSource source;

    Rules(ReferralsConfig config) {
        this.source = RuleSource.of(config.rulesFolder());
    }

    @Produces
    @Singleton
    EndReasons endReasons() {
        return EndReasons.of(source);
    }

    @Produces
    @Singleton
    DirectoryRules directoryRules() {
        return DirectoryRules.of(source);
    }

    @Produces
    @Singleton
    HsdsTerms hsdsTerms() {
        return HsdsTerms.of(source);
    }

    @Produces
    @Singleton
    FineStates fineStates() {
        return FineStates.of(source);
    }

    @Produces
    @Singleton
    Offers offers() {
        return Offers.of(source);
    }

    @Produces
    @Singleton
    TaskClocks taskClocks() {
        return TaskClocks.of(source);
    }

    @Produces
    @Singleton
    ScorecardRules scorecardRules() {
        return ScorecardRules.of(source);
    }
}
