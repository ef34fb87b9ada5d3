package org.careloop.transitions.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The avoidable time of a stay: that of its documented causes, and what nobody explains of the time from when the patient was ready to
 * leave, or was planned to, until they left. No hour counts twice: of causes at one time the one that began first has it.
 *
 * @param slices without overlap, in order
 */
public record StayDelay(List<Slice> slices) {

    /** The reason, and attribution, of time that nobody explains. */
    public static final String UNDOCUMENTED = "undocumented";

    /** A part of the time, of one cause. */
    public record Slice(Instant from, Instant until, String reason, String attribution) {

        private Slice within(Instant start, Instant end) {
            return new Slice(
                    from.isBefore(start) ? start : from, until.isAfter(end) ? end : until, reason, attribution);
        }
    }

    /** How long, and how many nights: a day counts by the midnight that it ends with, at the site. */
    public record Amount(Duration time, int days) {

        /** Nothing. */
        public static final Amount NONE = new Amount(Duration.ZERO, 0);

        Amount plus(Amount other) {
            return new Amount(time.plus(other.time), days + other.days);
        }

        /** Returns how much {@code slice} is, at a site of {@code zone}. */
        public static Amount of(Slice slice, ZoneId zone) {
            LocalDate first = LocalDate.ofInstant(slice.from(), zone);
            int days = 0;
            for (LocalDate day = first.plusDays(1);
                    !day.atStartOfDay(zone).toInstant().isAfter(slice.until()); ) {
                days++;
                day = day.plusDays(1);
            }
            return new Amount(Duration.between(slice.from(), slice.until()), days);
        }
    }

    /**
     * When the stay was.
     *
     * @param planned when it was to end
     * @param end when it ended, or now
     */
    public record Times(Instant start, Optional<Instant> planned, Instant end) {}

    /** Returns the delay by {@code entries}, in any order. */
    public static StayDelay of(Times stay, Collection<DelayEntry> entries) {
        List<DelayEntry> causes = current(entries).stream()
                .filter(entry -> !entry.isReadiness())
                .sorted(Comparator.comparing(DelayEntry::start).thenComparing(DelayEntry::cause))
                .toList();
        Optional<Instant> since = ready(entries).or(stay::planned);
        TreeSet<Instant> edges = new TreeSet<>(List.of(stay.start(), stay.end()));
        since.ifPresent(edges::add);
        causes.forEach(cause -> {
            edges.add(cause.start());
            cause.end().ifPresent(edges::add);
        });
        List<Slice> slices = new ArrayList<>();
        for (Instant from : edges.tailSet(stay.start())) {
            Instant until = edges.higher(from);
            if (until != null && !until.isAfter(stay.end())) {
                slice(from, until, causes, since).ifPresent(slices::add);
            }
        }
        return new StayDelay(List.copyOf(slices));
    }

    /** When the patient was ready to leave, as was said last. */
    public static Optional<Instant> ready(Collection<DelayEntry> entries) {
        return current(entries).stream()
                .filter(DelayEntry::isReadiness)
                .map(DelayEntry::start)
                .findFirst();
    }

    /** What was said last of each cause, without what was withdrawn. */
    public static List<DelayEntry> current(Collection<DelayEntry> entries) {
        Map<String, DelayEntry> last = new LinkedHashMap<>();
        entries.stream().sorted(Comparator.comparing(DelayEntry::at)).forEach(entry -> last.put(entry.cause(), entry));
        return last.values().stream().filter(entry -> !entry.withdrawn()).toList();
    }

    private static Optional<Slice> slice(
            Instant from, Instant until, List<DelayEntry> causes, Optional<Instant> since) {
        return causes.stream()
                .filter(cause -> !cause.start().isAfter(from)
                        && cause.end().filter(end -> !end.isAfter(from)).isEmpty())
                .findFirst()
                .map(cause -> new Slice(from, until, cause.reason(), cause.attribution()))
                .or(() -> since.filter(ready -> !ready.isAfter(from))
                        .map(ready -> new Slice(from, until, UNDOCUMENTED, UNDOCUMENTED)));
    }

    /** Returns the part of it from {@code from} on and before {@code until}. */
    public StayDelay within(Instant from, Instant until) {
        return new StayDelay(slices.stream()
                .map(slice -> slice.within(from, until))
                .filter(slice -> slice.from().isBefore(slice.until()))
                .toList());
    }

    /** Returns how much it is in all. */
    public Amount total(ZoneId zone) {
        return slices.stream().map(slice -> Amount.of(slice, zone)).reduce(Amount.NONE, Amount::plus);
    }
}
