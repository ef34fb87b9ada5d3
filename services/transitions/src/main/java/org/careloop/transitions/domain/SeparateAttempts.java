package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Attempts that count: in time, and each long enough after the one before. */
public final class SeparateAttempts {

    private SeparateAttempts() {}

    /** Returns those of {@code evidence} that count from {@code opens} through {@code due}, earliest first. */
    public static List<Evidence> of(
            MilestoneNeeds.Attempts needed, List<Evidence> evidence, Instant opens, Instant due, ZoneId zone) {
        List<Evidence> attempts = evidence.stream()
                .filter(each -> needed.kinds().contains(each.kind()) && each.hasHappened(zone))
                .filter(each -> each.time().within(opens, due, zone).isPresent())
                .sorted(Comparator.comparing((Evidence each) -> each.time().from(zone))
                        .thenComparing(Evidence::reference))
                .toList();
        List<Evidence> separate = new ArrayList<>();
        for (Evidence attempt : attempts) {
            if (separate.isEmpty() || isApart(separate.getLast(), attempt, needed, zone)) {
                separate.add(attempt);
            }
        }
        return separate;
    }

    private static boolean isApart(Evidence before, Evidence next, MilestoneNeeds.Attempts needed, ZoneId zone) {
        return !before.time()
                .from(zone)
                .plus(needed.apart())
                .isAfter(next.time().from(zone));
    }
}
