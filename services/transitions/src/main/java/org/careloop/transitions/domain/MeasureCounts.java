package org.careloop.transitions.domain;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts of one group of a measure, in all and by what distinguishes discharges. Nothing of any one of them is kept. */
public final class MeasureCounts {

    /** What is said of a discharge of which it is not known. */
    public static final String UNKNOWN = "unknown";

    private final Map<String, Map<String, MeasureTally>> byStratifier = new TreeMap<>();
    private MeasureTally all = MeasureTally.NONE;

    /** Counts nothing yet. */
    public MeasureCounts() {}

    /** Counts a discharge; {@code strata} tells what it is by each stratifier. */
    public void count(Verdict eligible, Verdict verdict, Map<String, Optional<String>> strata) {
        all = all.and(eligible, verdict);
        strata.forEach((stratifier, value) -> byStratifier
                .computeIfAbsent(stratifier, key -> new TreeMap<>())
                .merge(
                        value.orElse(UNKNOWN),
                        MeasureTally.NONE.and(eligible, verdict),
                        (known, one) -> known.and(eligible, verdict)));
    }

    MeasureTally all() {
        return all;
    }

    Map<String, Map<String, MeasureTally>> byStratifier() {
        return byStratifier;
    }
}
