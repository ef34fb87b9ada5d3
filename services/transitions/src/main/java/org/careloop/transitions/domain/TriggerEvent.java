package org.careloop.transitions.domain;

import java.util.Arrays;
import java.util.Optional;

/** The ADT events that this service takes; a message with any other is refused. */
public enum TriggerEvent {
    /** Admit. */
    A01,
    /** Transfer. */
    A02,
    /** Discharge. */
    A03,
    /** Register. */
    A04,
    /** Update. */
    A08,
    /** Cancel admit. */
    A11,
    /** Cancel discharge. */
    A13;

    /** Returns the event with {@code code} (MSH-9.2), empty for one that is not taken. */
    public static Optional<TriggerEvent> of(String code) {
        return Arrays.stream(values())
                .filter(event -> event.name().equals(code))
                .findFirst();
    }
}
