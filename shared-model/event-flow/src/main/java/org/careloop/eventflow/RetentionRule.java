package org.careloop.eventflow;

import java.time.Duration;

/**
 * Rows that a service keeps for a time and not longer; a bean of this type is all that their removal needs.
 *
 * @param rows what they are, for the log
 * @param kept how long
 * @param removal the statement that deletes or empties some of them. Its parameters are the time before which they go, and
 *     how many at most; it waits for no lock ({@code for update skip locked})
 */
public record RetentionRule(String rows, Duration kept, String removal) {

    /** Refuses a time that is none. */
    public RetentionRule {
        if (!kept.isPositive()) {
            throw new IllegalStateException("retention of " + rows + ": not positive (expected: a time to keep them)");
        }
    }
}
