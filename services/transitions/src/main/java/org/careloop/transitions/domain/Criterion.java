package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a measure asks for, and whether it is so.
 *
 * @param until the last moment at which it can be fulfilled
 * @param evidence what shows it
 * @param note what is missing, or why nobody can tell
 */
public record Criterion(
        String code, Verdict verdict, Optional<Instant> until, List<Evidence> evidence, Optional<String> note) {

    static Criterion of(String code, Verdict verdict) {
        return new Criterion(code, verdict, Optional.empty(), List.of(), Optional.empty());
    }

    static Criterion of(String code, Verdict verdict, String note) {
        return new Criterion(code, verdict, Optional.empty(), List.of(), Optional.of(note));
    }

    /** Met, and else, as {@code missing} tells, not. */
    static Criterion of(String code, boolean met, String missing) {
        return met ? of(code, Verdict.MET) : of(code, Verdict.NOT_MET, missing);
    }

    static Criterion met(String code, List<Evidence> evidence) {
        return new Criterion(code, Verdict.MET, Optional.empty(), evidence, Optional.empty());
    }

    /** Met by what somebody who is qualified has to do: where nobody is named, that is said. */
    static Criterion metBy(String code, Evidence evidence) {
        return new Criterion(
                code,
                Verdict.MET,
                Optional.empty(),
                List.of(evidence),
                evidence.namesWho()
                        ? Optional.empty()
                        : Optional.of("nobody is named who did it, nor how they are qualified"));
    }

    /** Open until {@code until}, and not met afterwards. */
    static Criterion awaited(String code, Instant until, Instant now, String missing) {
        return new Criterion(
                code,
                now.isAfter(until) ? Verdict.NOT_MET : Verdict.OPEN,
                Optional.of(until),
                List.of(),
                Optional.of(missing));
    }
}
