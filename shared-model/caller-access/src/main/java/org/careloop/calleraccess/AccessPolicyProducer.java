package org.careloop.calleraccess;

import jakarta.inject.Singleton;
import jakarta.enterprise.inject.Produces;

/** Makes the service's rules injectable; a service without rules does not start. */
@Singleton
class AccessPolicyProducer {

    AccessPolicyProducer() {}

    @Produces
    @Singleton
    AccessPolicy policy() {
        return AccessPolicy.load(Thread.currentThread().getContextClassLoader());
    }
}
