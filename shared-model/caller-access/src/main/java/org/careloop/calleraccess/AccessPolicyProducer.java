package org.careloop.calleraccess;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

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
