package org.careloop.transitions.domain;

import org.hl7.fhir.r4.model.Encounter.EncounterStatus;

/** How far a transition is. */
public enum TransitionState {
    /** The patient is in hospital. */
    EXPECTED,
    /** The patient has left; the clocks run. */
    OPEN,
    /** The admission was an error. */
    RETRACTED;

    /** Whether the patient came, by the {@code status} of the stay: one that is planned may never begin. */
    public static boolean hasBegun(EncounterStatus status) {
        return switch (status) {
            case ARRIVED, TRIAGED, INPROGRESS, ONLEAVE, FINISHED -> true;
            case PLANNED, CANCELLED, ENTEREDINERROR, UNKNOWN, NULL -> false;
        };
    }

    /** How far the transition is from a stay with {@code status}. */
    public static TransitionState of(EncounterStatus status) {
        return switch (status) {
            case PLANNED, ARRIVED, TRIAGED, INPROGRESS, ONLEAVE, UNKNOWN, NULL -> EXPECTED;
            case FINISHED -> OPEN;
            case CANCELLED, ENTEREDINERROR -> RETRACTED;
        };
    }
}
