package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stays of one patient of which each follows the one before within some days, so that they are measured as one: with the first
 * admission and the last discharge.
 *
 * @param admitted the first admission
 * @param encounters ids of the stays up to the one that was asked for
 * @param next id of the episode of the stay that follows it
 * @param nextAdmitted when that began
 */
public record StayChain(
        Optional<Instant> admitted, Set<String> encounters, Optional<String> next, Optional<Instant> nextAdmitted) {

    /** A stay. */
    public record Span(
            String episode, String encounter, Optional<Instant> admitted, Optional<Instant> discharged, ZoneId zone) {

        /** By the day: the discharge is often told later than the next admission, as in a transfer. */
        private boolean isFollowedBy(Span other, int days) {
            if (episode.equals(other.episode) || discharged.isEmpty() || other.admitted.isEmpty()) {
                return false;
            }
            LocalDate left = day(discharged.get());
            LocalDate came = day(other.admitted.get());
            boolean later = admitted.orElse(discharged.get()).isBefore(other.admitted.get())
                    || !other.admitted.get().isBefore(discharged.get());
            return later && !came.isBefore(left) && !came.isAfter(left.plusDays(days));
        }

        private LocalDate day(Instant at) {
            return at.atZone(zone).toLocalDate();
        }
    }

    /** Returns the chain that leads to {@code stay}, among {@code all} of the patient, with at most {@code days} between two. */
    public static StayChain of(List<Span> all, Span stay, int days) {
        Set<String> encounters = new HashSet<>();
        Span first = stay;
        Optional<Span> before = Optional.of(stay);
        while (before.isPresent() && encounters.add(before.get().encounter())) {
            first = before.get();
            Span after = first;
            before = all.stream()
                    .filter(each -> each.isFollowedBy(after, days))
                    .max(Comparator.comparing(each -> each.discharged().orElseThrow()));
        }
        Optional<Span> next = all.stream()
                .filter(each -> stay.isFollowedBy(each, days))
                .min(Comparator.comparing(each -> each.admitted().orElseThrow()));
        return new StayChain(first.admitted(), encounters, next.map(Span::episode), next.flatMap(Span::admitted));
    }
}
