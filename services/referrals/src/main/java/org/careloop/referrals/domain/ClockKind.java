package org.careloop.referrals.domain;

import java.util.Locale;

/** By when something has to have happened to a Task; limits and consequences are in {@code rules/task-clocks.yaml}. */
public enum ClockKind {
    /** Its owner has seen it: it says so in {@code businessStatus}, or answers. */
    ACKNOWLEDGE_BY,
    /** Whom it was offered to accepts or rejects. */
    ACCEPT_BY,
    /** Its owner has spoken with the person: it says so in {@code businessStatus}, or begins. */
    CONTACT_BY,
    /** Its owner begins. */
    START_BY,
    /** It is done. */
    COMPLETE_BY,
    /** The coordinating organisation has dealt with what the platform told it. */
    RESOLVE_BY;

    /** The code in the Task's extension. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
