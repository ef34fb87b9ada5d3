package org.careloop.fhirrest;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.careloop.eventflow.RetentionRule;

/** How long decisions about spanning transactions are remembered. */
@Singleton
class DecisionRetention {

    private static final String REMOVAL = """
            delete from spanning_decision where id in (
              select id from spanning_decision where decided < ? order by decided limit ? for update skip locked)""";

    DecisionRetention() {}

    @Produces
    @Singleton
    RetentionRule decisions(FederationConfig config) {
        return new RetentionRule("spanning decisions", config.decisionRetention(), REMOVAL);
    }
}
