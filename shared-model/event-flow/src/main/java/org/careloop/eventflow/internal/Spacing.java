package org.careloop.eventflow.internal;

import java.time.Duration;

/** Keeps the rounds of one thread apart: the first comes at once, those that follow closely wait and find more to do. */
final class Spacing {

    private final long shortest;
    private long earliest = System.nanoTime();

    Spacing(Duration shortest) {
        this.shortest = shortest.toNanos();
    }

    /** Waits until the round may begin. */
    void await() throws InterruptedException {
        long early = earliest - System.nanoTime();
        if (early > 0) {
            Thread.sleep(Duration.ofNanos(early));
        }
        earliest = System.nanoTime() + shortest;
    }
}
