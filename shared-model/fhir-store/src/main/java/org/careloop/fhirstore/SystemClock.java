package org.careloop.fhirstore;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The clock of use cases; rules take the time as an argument. */
@Singleton
class SystemClock {

    SystemClock() {}

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
