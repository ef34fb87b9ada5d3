package org.careloop.transitions.hl7;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.transitions.domain.StayEvent;
import org.careloop.transitions.domain.StayStep;

/** When what a message tells of happened, which is often not when it was sent. */
final class EventTime {

    /** Clocks of sites differ. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(24);

    private EventTime() {}

    /**
     * The times of the message; fails (AE, 101) when it has none. A time of entry or of sending that is ahead of us is a clock that is
     * wrong: it would make every later message look late, so it is not believed.
     */
    static StayEvent.Times of(Hl7Message message, SenderProfile profile, Instant received) {
        Instant limit = received.plus(CLOCK_TOLERANCE);
        Optional<Instant> entered = evn(message, 2, profile);
        Optional<Instant> happened = evn(message, 6, profile);
        Optional<Instant> sent = message.header().sentAt(profile.timeZone());
        if (happened.filter(limit::isBefore).isPresent()) {
            throw MessageRejection.error(
                    ErrorCode.DATA_TYPE,
                    MessageLocation.of("EVN", 6),
                    "in the future (expected: when the event happened)");
        }
        if (entered.or(() -> happened).or(() -> sent).isEmpty()) {
            throw MessageRejection.missing(MessageLocation.of("EVN", 2), "a time here or in MSH-7");
        }
        boolean backwards =
                message.event().step().filter(StayStep::isCancellation).isPresent();
        Instant believed = sent.filter(limit::isAfter).orElse(received);
        // What had happened was not entered before, unless it was entered ahead of time.
        Optional<Instant> earliest = happened.filter(at -> !backwards && !at.isAfter(believed));
        Instant recorded = Stream.of(entered.filter(limit::isAfter), earliest)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder())
                .orElse(believed);
        return new StayEvent.Times(recorded, believed, happened.orElse(recorded), received);
    }

    private static Optional<Instant> evn(Hl7Message message, int field, SenderProfile profile) {
        return message.segment("EVN")
                .flatMap(segment -> segment.time(field))
                .map(time -> time.toInstant(profile.timeZone()));
    }

    /** Whether {@code time} is further ahead than clocks differ. */
    static boolean isAhead(Instant time, Instant received) {
        return time.isAfter(received.plus(CLOCK_TOLERANCE));
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
            case A01, A04, A06 ->
                told.or(() -> message.segment("EVN").flatMap(evn -> evn.time(6)))
                        .or(() -> message.segment("EVN").flatMap(evn -> evn.time(2)));
            default -> told;
        };
    }
}
