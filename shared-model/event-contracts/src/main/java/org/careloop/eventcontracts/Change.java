package org.careloop.eventcontracts;

import java.util.Locale;

/** What happened to a resource. */
public enum Change {
    CREATED,
    UPDATED,
    /** The payload is the last version before the deletion. */
    DELETED;

    /** How the change is written at the end of an event type. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #word()}; fails with {@link IllegalArgumentException} for any other. */
    public static Change of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
