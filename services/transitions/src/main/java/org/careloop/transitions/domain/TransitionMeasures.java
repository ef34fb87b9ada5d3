package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The measures of discharges, each with its groups: a numerator of TRC, a code of TCM. */
public final class TransitionMeasures {

    /** Id of the Measure of HEDIS Transitions of Care. */
    public static final String TRC = "transitions-of-care";

    /** Id of the Measure of Transitional Care Management. */
    public static final String TCM = "transitional-care-management";

    /**
     * A measure.
     *
     * @param id of its Measure
     * @param version of its rules
     * @param groups titles by codes
     */
    public record Definition(String id, String title, String version, Map<String, String> groups) {}

    private final TrcMeasure trc;
    private final TcmMeasure tcm;

    /** The measures by these rules. */
    public TransitionMeasures(TrcMeasure trc, TcmMeasure tcm) {
        this.trc = trc;
        this.tcm = tcm;
    }

    /** All of them. */
    public List<Definition> definitions() {
        Map<String, String> numerators = new LinkedHashMap<>();
        trc.numerators().forEach(numerator -> numerators.put(numerator.code(), numerator.title()));
        Map<String, String> codes = new LinkedHashMap<>();
        tcm.codes().forEach(code -> codes.put("tcm-" + code, "CPT " + code));
        return List.of(
                new Definition(TRC, "Transitions of Care (HEDIS TRC)", trc.version(), numerators),
                new Definition(TCM, "Transitional Care Management (CMS TCM)", tcm.version(), codes));
    }

    /** The measure whose Measure has {@code id}; empty when there is none. */
    public Optional<Definition> find(String id) {
        return definitions().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /** What all measures say of one discharge {@code now}. */
    public List<MeasureResult> of(DischargeFacts facts, Instant now) {
        return Stream.concat(Stream.of(trc.of(facts, now)), tcm.of(facts, now).stream())
                .toList();
    }

    /** Counts, in {@code groups} by their codes, what {@code measure} says of a discharge {@code now}. */
    public void count(
            Definition measure,
            DischargeFacts facts,
            Map<String, Optional<String>> strata,
            Instant now,
            Map<String, MeasureCounts> groups) {
        if (measure.id().equals(TRC)) {
            MeasureResult result = trc.of(facts, now);
            result.criteria()
                    .forEach(criterion -> groups.computeIfAbsent(criterion.code(), code -> new MeasureCounts())
                            .count(result.eligible(), criterion.verdict(), strata));
        } else {
            tcm.of(facts, now)
                    .forEach(result -> groups.computeIfAbsent(result.measure(), code -> new MeasureCounts())
                            .count(result.eligible(), result.verdict(), strata));
        }
    }

    /** How many days after a discharge evidence can still count, the longest of all. */
    public int openDays() {
        return trc.readmissionDays() + 1;
    }
}
