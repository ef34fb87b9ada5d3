package org.careloop.referrals;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The one place where this service reads the time; what needs it is given a Clock. */
@ApplicationScoped
class SystemClock {

    SystemClock() {}

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
