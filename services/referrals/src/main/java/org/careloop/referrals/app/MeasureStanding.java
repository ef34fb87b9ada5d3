package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.careloop.fhirmodel.DayPeriod;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.domain.ScorecardRules;
import org.careloop.referrals.domain.Standing;
import org.careloop.referrals.store.AgencyStandings;

/** Measures how agencies handle their referrals, by the same count as their scorecards. */
@Singleton
class MeasureStanding {

    private final ResourceStore store;
    private final FollowReferrals followReferrals;
    private final AgencyStandings standings;
    private final ScorecardRules rules;
    private final Clock clock;

    MeasureStanding(
            ResourceStore store,
            FollowReferrals followReferrals,
            AgencyStandings standings,
            ScorecardRules rules,
            Clock clock) {
        this.store = store;
        this.followReferrals = followReferrals;
        this.standings = standings;
        this.rules = rules;
        this.clock = clock;
    }

    /** Measures {@code organization}, a literal reference; fails with {@link ProblemCode#TOO_COSTLY}, and keeps what it was then. */
    Uni<Void> handle(String organization) {
        Instant now = clock.instant();
        DayPeriod period = Standing.period(now, rules);
        Condition referrals = FollowReferrals.referrals(List.of(new QueryParameter("owner", organization)));
        return followReferrals
                .handle(referrals, type -> Condition.EVERYTHING, period.from())
                .map(followed -> Standing.of(
                        organization,
                        followed.stream().map(FollowedReferral::course).toList(),
                        now,
                        rules))
                .chain(standing -> store.inUnit(unit -> standings.keep(unit, standing)));
    }

    /** Forgets those that are too old to count. */
    Uni<Void> forgetOld() {
        Instant limit = clock.instant().minus(Duration.ofDays(rules.standing().days()));
        return store.inUnit(unit -> standings.forget(unit, limit));
    }
}
