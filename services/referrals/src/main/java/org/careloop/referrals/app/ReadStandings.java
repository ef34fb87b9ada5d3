package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.referrals.domain.AgencyChoice.Candidate;
import org.careloop.referrals.domain.ChoiceReason;
import org.careloop.referrals.domain.ScorecardRules;
import org.careloop.referrals.domain.Standing;
import org.careloop.referrals.store.AgencyStandings;

/** Tells what the last measurements of agencies mean for their places in a choice. */
@Singleton
class ReadStandings {

    private final AgencyStandings standings;
    private final ScorecardRules rules;
    private final Clock clock;

    ReadStandings(AgencyStandings standings, ScorecardRules rules, Clock clock) {
        this.standings = standings;
        this.rules = rules;
        this.clock = clock;
    }

    /** Returns what the figures say of the organisations of {@code candidates}, by literal references; nothing of those that are neither good nor poor. */
    Uni<Map<String, ChoiceReason>> handle(Collection<Candidate> candidates, UnitOfWork unit) {
        Instant now = clock.instant();
        return standings
                .of(unit, candidates.stream().map(Candidate::agency).distinct().toList())
                .map(found -> found.stream()
                        .filter(standing -> standing.judge(now, rules).isPresent())
                        .collect(Collectors.toMap(
                                Standing::organization,
                                standing -> standing.judge(now, rules).orElseThrow())));
    }
}
