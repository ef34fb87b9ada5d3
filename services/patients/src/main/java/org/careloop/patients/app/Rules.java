package org.careloop.patients.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.patients.domain.MatchRules;

/** Reads the rule data once, at start-up: a fault in it stops the start, not an intake. */
@Singleton
class Rules {

    Rules() {}

    @Produces
    @Singleton
    MatchRules matchRules() {
        return MatchRules.shipped();
    }
}
