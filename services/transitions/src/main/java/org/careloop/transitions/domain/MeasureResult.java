package org.careloop.transitions.domain;

import java.util.List;

/**
 * What a measure says of one discharge.
 *
 * @param measure code of the measure
 * @param rules the version of the rules by which it says so
 * @param eligibility what makes the discharge one that is measured
 * @param criteria what is asked for
 */
public record MeasureResult(String measure, String rules, List<Criterion> eligibility, List<Criterion> criteria) {

    /** Whether the discharge is measured at all. */
    public Verdict eligible() {
        return Verdict.all(eligibility.stream().map(Criterion::verdict).toList());
    }

    /** Whether all that is asked for is so. */
    public Verdict verdict() {
        return switch (eligible()) {
            case NOT_MET, NOT_APPLICABLE -> Verdict.NOT_APPLICABLE;
            case UNKNOWN -> Verdict.UNKNOWN;
            case MET, OPEN ->
                Verdict.all(criteria.stream().map(Criterion::verdict).toList());
        };
    }
}
