package org.careloop.calleraccess;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the service's rules injectable; a service without rules does not start. */
@Singleton
class AccessPolicyProducer {

    AccessPolicyProducer() {}

    @Produces
    @Singleton
    AccessPolicy policy(ConsentRules consent) {
        return AccessPolicy.load(Thread.currentThread().getContextClassLoader(), consent);
    }

    @Produces
    @Singleton
    ConsentRules consent(ConsentConfig config) {
        return ConsentRules.load(config.rules());
    }
}
