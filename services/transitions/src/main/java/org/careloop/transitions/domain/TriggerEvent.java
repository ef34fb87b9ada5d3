package org.careloop.transitions.domain;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ADT events that this service takes; a message with any other is refused. */
public enum TriggerEvent {
    /** Admit. */
    A01(StayStep.ADMIT),
    /** Transfer. */
    A02(StayStep.MOVE),
    /** Discharge. */
    A03(StayStep.DISCHARGE),
    /** Register; of a visit that is to come, if its class says so. */
    A04(StayStep.ADMIT),
    /** Pre-admit. */
    A05(StayStep.PLAN),
    /** Outpatient to inpatient. */
    A06(StayStep.RECLASS),
    /** Inpatient to outpatient. */
    A07(StayStep.RECLASS),
    /** Update. */
    A08(StayStep.UPDATE),
    /** Cancel admit. */
    A11(StayStep.CANCEL_ADMIT),
    /** Cancel transfer. */
    A12(StayStep.CANCEL_MOVE),
    /** Cancel discharge. */
    A13(StayStep.CANCEL_DISCHARGE),
    /** Two patients swap their beds. */
    A17(StayStep.MOVE),
    /** Goes on leave. */
    A21(StayStep.LEAVE),
    /** Returns from leave. */
    A22(StayStep.RETURN),
    /** Add a person. */
    A28,
    /** Update a person. */
    A31,
    /** Merge patients, their ids only: the same as A40, before version 2.3.1. */
    A34,
    /** Cancel pre-admit. */
    A38(StayStep.CANCEL_PLAN),
    /** Merge patients. */
    A40;

    private final Optional<StayStep> step;

    TriggerEvent(StayStep step) {
        this.step = Optional.of(step);
    }

    TriggerEvent() {
        this.step = Optional.empty();
    }

    /** What it says of a stay; empty for one that speaks of the person alone. */
    public Optional<StayStep> step() {
        return step;
    }

    /** Whether it says that two numbers are one patient. */
    public boolean isMerge() {
        return this == A34 || this == A40;
    }

    /** Returns the event with {@code code} (MSH-9.2), empty for one that is not taken. */
    public static Optional<TriggerEvent> of(String code) {
        return Arrays.stream(values())
                .filter(event -> event.name().equals(code))
                .findFirst();
    }

    /** All of them, for people. */
    public static String list() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
