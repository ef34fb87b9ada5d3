package org.careloop.transitions.domain;

/** How far a transition is. */
public enum TransitionState {
    /** The patient is in hospital. */
    EXPECTED,
    /** The patient has left; the clocks run. */
    OPEN,
    /** The admission was an error. */
    RETRACTED
}
