package org.careloop.careplans.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.careplans.CarePlansConfig;
import org.careloop.careplans.domain.Debriefs;
import org.careloop.careplans.domain.notice.PartnerKinds;
import org.careloop.ruledata.RuleSource;

/** Reads the rule data once, at start-up: a fault in it stops the start, not a write. */
@Singleton
class Rules {

    private final RuleSource source;

    Rules(CarePlansConfig config) {
        this.source = RuleSource.of(config.rulesFolder());
    }

    @Produces
    @Singleton
    Debriefs debriefs() {
        return Debriefs.of(source);
    }

    @Produces
    @Singleton
    PartnerKinds partnerKinds() {
        return PartnerKinds.of(source);
    }
}
