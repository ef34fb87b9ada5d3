package org.careloop.referrals;

import io.quarkus.test.Mock;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The service's clock, which tests move forward. By some hours at most: what other tests left behind is due in days, and would be
 * followed too.
 */
@Mock
@Singleton
class TestClock extends Clock {

    private volatile Duration ahead = Duration.ZERO;

    void isAheadBy(Duration duration) {
        ahead = duration;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the time of a use case has no zone");
    }
}
