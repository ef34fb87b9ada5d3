package org.careloop.transitions.domain;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Whether a criterion of a measure is fulfilled. */
public enum Verdict {
    /** It is. */
    MET,
    /** It is not, and cannot be any more but by evidence that is told late. */
    NOT_MET,
    /** It is not yet, and there is time. */
    OPEN,
    /** What is known does not tell. */
    UNKNOWN,
    /** Nobody asks: the discharge is not measured. */
    NOT_APPLICABLE;

    private static final List<Verdict> WORST_FIRST = List.of(NOT_APPLICABLE, NOT_MET, UNKNOWN, OPEN);

    /** Its code. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What all of {@code verdicts} come to, if each is demanded. */
    public static Verdict all(Collection<Verdict> verdicts) {
        return WORST_FIRST.stream().filter(verdicts::contains).findFirst().orElse(MET);
    }
}
