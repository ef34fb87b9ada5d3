package org.careloop.transitions.hl7;

import java.time.Instant;
import java.util.Optional;

/** When the event of a message happened, which is often not when it was sent. */
final class EventTime {

    /** A moment and the field that it was read from. */
    record EventMoment(Instant at, MessageLocation location) {}

    private EventTime() {}

    /** EVN-6, else EVN-2, else MSH-7; fails (AE, 101) when there is none. */
    static EventMoment of(Hl7Message message, SenderProfile profile) {
        Optional<Hl7Segment> evn = message.segment("EVN");
        for (int field : new int[] {6, 2}) {
            Optional<Hl7Time> time = evn.flatMap(segment -> segment.time(field));
            if (time.isPresent()) {
                return new EventMoment(time.get().toInstant(profile.timeZone()), MessageLocation.of("EVN", field));
            }
        }
        Instant sent = message.header()
                .sentAt(profile.timeZone())
                .orElseThrow(() -> MessageRejection.missing(MessageLocation.of("EVN", 2), "a time here or in MSH-7"));
        return new EventMoment(sent, MessageLocation.of("MSH", 7));
    }

    /** PV1-45, else EVN-6, else EVN-2. */
    static Optional<Hl7Time> discharge(Hl7Message message) {
        return message.segment("PV1")
                .flatMap(visit -> visit.time(45))
                .or(() -> message.segment("EVN").flatMap(evn -> evn.time(6)))
                .or(() -> message.segment("EVN").flatMap(evn -> evn.time(2)));
    }

    /**
     * PV1-44; for an admission or registration that leaves it out EVN-6, else EVN-2, unless the visit is only
     * planned.
     */
    static Optional<Hl7Time> admission(Hl7Message message, boolean planned) {
        Optional<Hl7Time> told = message.segment("PV1").flatMap(visit -> visit.time(44));
        if (planned) {
            return told;
        }
        return switch (message.event()) {
            case A01, A04 ->
                told.or(() -> message.segment("EVN").flatMap(evn -> evn.time(6)))
                        .or(() -> message.segment("EVN").flatMap(evn -> evn.time(2)));
            case A02, A03, A08, A11, A13 -> told;
        };
    }
}
