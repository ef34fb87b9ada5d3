package org.careloop.careplans.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.careplans.domain.Debriefs;
import org.careloop.careplans.domain.notice.PartnerKinds;

/** Reads the rule data once, at start-up: a fault in it stops the start, not a write. */
@Singleton
class Rules {

    Rules() {}

    @Produces
    @Singleton
    Debriefs debriefs() {
        return Debriefs.shipped();
    }

    @Produces
    @Singleton
    PartnerKinds partnerKinds() {
        return PartnerKinds.shipped();
    }
}
