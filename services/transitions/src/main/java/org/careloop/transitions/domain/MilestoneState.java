package org.careloop.transitions.domain;

import java.util.Locale;

/** How far a milestone is. */
public enum MilestoneState {
    /** There is still time. */
    OPEN,
    /** It was done in time. */
    REACHED,
    /** As often as is asked for, and in time, somebody tried. */
    ATTEMPTED,
    /** It was not done in time; it may have been done later. */
    MISSED,
    /** It is asked for no more: the patient died, or is in hospital again, while there was time. */
    WITHDRAWN;

    /** Its code. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
