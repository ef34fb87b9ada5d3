package org.careloop.transitions.domain;

/**
 * What one event does to an encounter.
 *
 * @param next the state to store
 * @param details how the resources of the message meet the stored ones
 * @param clocks what happens to the transition's clocks, tasks and milestones
 * @param clearsDischarge whether period.end and the discharge disposition are removed
 * @param late whether the event is older than what is known, so that it did not set the status
 */
public record EncounterStep(
        EncounterState next, Details details, Clocks clocks, boolean clearsDischarge, boolean late) {

    /** How the details of a message meet what is stored. */
    public enum Details {
        /** The message is the newest: what it says replaces, what it leaves out stays. */
        REPLACE,
        /** The message is older than what is stored: it only fills what is absent. */
        FILL_ABSENT
    }

    /** What happens to the clocks of the transition. */
    public enum Clocks {
        NONE,
        /** First discharge, or the first one after a cancelled discharge: start them, once. */
        START,
        /** The discharge was cancelled: stop them and keep their history. */
        STOP,
        /** The admission was cancelled: retract what it started. */
        RETRACT
    }
}
