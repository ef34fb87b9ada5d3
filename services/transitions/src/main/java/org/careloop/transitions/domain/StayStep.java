package org.careloop.transitions.domain;

/** What is said of a stay, whichever way it is said. */
public enum StayStep {
    /** It is to come. */
    PLAN,
    /** The patient is there. */
    ADMIT,
    /** The patient is at another place of the stay now. */
    MOVE,
    /** It goes on in another class: an outpatient becomes an inpatient, or the other way round. */
    RECLASS,
    /** The patient is away for a while. */
    LEAVE,
    /** The patient is back. */
    RETURN,
    /** The patient has left for good. */
    DISCHARGE,
    /** Its details have changed; says nothing of how far it is. */
    UPDATE,
    /** Nobody knows how far it is. */
    UNSURE,
    /** It will not be. */
    CANCEL_PLAN,
    /** It is not: the admission was an error. */
    CANCEL_ADMIT,
    /** The patient is where they were before. */
    CANCEL_MOVE,
    /** The patient has not left. */
    CANCEL_DISCHARGE;

    /** Whether it takes back what was said. */
    public boolean isCancellation() {
        return this == CANCEL_PLAN || this == CANCEL_ADMIT || this == CANCEL_MOVE || this == CANCEL_DISCHARGE;
    }
}
