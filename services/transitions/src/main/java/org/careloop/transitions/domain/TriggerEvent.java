package org.careloop.transitions.domain;

import java.util.Arrays;
import java.util.Optional;

/** The ADT events that this service takes; a message with any other is refused. */
public enum TriggerEvent {
    A01("admit"),
    A02("transfer"),
    A03("discharge"),
    A04("register"),
    A08("update"),
    A11("cancel admit"),
    A13("cancel discharge");

    private final String meaning;

    TriggerEvent(String meaning) {
        this.meaning = meaning;
    }

    /** What the event says, in words of the standard. */
    public String meaning() {
        return meaning;
    }

    /** Returns the event with {@code code} (MSH-9.2), empty for one that is not taken. */
    public static Optional<TriggerEvent> of(String code) {
        return Arrays.stream(values()).filter(event -> event.name().equals(code)).findFirst();
    }
}
