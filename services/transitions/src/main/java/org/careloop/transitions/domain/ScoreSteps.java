package org.careloop.transitions.domain;

import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/** How tables of scores are read. */
final class ScoreSteps {

    private ScoreSteps() {}

    /** From {@code from} on, up to the next step, {@code points}. */
    record Step(int from, int points) {}

    /** From a total of {@code from} on, up to the next band, {@code risk}. */
    record Band(int from, RiskBand risk) {}

    static int points(List<Step> steps, long value) {
        return steps.stream()
                .filter(step -> value >= step.from())
                .reduce((lower, higher) -> higher)
                .map(Step::points)
                .orElseThrow(() -> new IllegalArgumentException("value below the first step"));
    }

    static RiskBand band(List<Band> bands, int total) {
        return bands.stream()
                .filter(band -> total >= band.from())
                .reduce((lower, higher) -> higher)
                .map(Band::risk)
                .orElseThrow(() -> new IllegalArgumentException("total below the first band"));
    }

    /** Whether an admission of {@code priority} is one of {@code yes}; empty when it is neither of those nor of {@code no}. */
    static Optional<Boolean> among(CodeableConcept priority, List<String> yes, List<String> no) {
        return priority.getCoding().stream()
                .map(Coding::getCode)
                .filter(code -> yes.contains(code) || no.contains(code))
                .map(yes::contains)
                .findFirst();
    }
}
