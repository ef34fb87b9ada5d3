package org.careloop.careplans.domain;

import java.util.Optional;

/**
 * What the platform has last done with the plan of a stay. What people do with it meanwhile is not in here: only a change of
 * the phase moves the plan.
 *
 * @param by the id of the stay that has paused or replaced it, or of which the team was told before coordination was suspended
 */
public record PlanPhase(Kind kind, Optional<String> by) {

    /** The kinds of phases. */
    public enum Kind {
        /** The patient has left hospital; the plan is followed. */
        OPEN,
        /** The discharge was cancelled. */
        EXPECTED,
        /** The admission was an error. */
        RETRACTED,
        /** The patient is in hospital again. */
        READMITTED,
        /** The plan of a later stay has taken its place. */
        REPLACED,
        /** The patient has died. */
        DIED,
        /** The patient is not enrolled in coordination, or no more for a time: their consent is missing. */
        SUSPENDED
    }

    static final PlanPhase EXPECTED = new PlanPhase(Kind.EXPECTED, Optional.empty());
    static final PlanPhase DIED = new PlanPhase(Kind.DIED, Optional.empty());
    static final PlanPhase RETRACTED = new PlanPhase(Kind.RETRACTED, Optional.empty());

    /** The phase of a plan that is followed. */
    public static final PlanPhase OPEN = new PlanPhase(Kind.OPEN, Optional.empty());

    static PlanPhase readmittedBy(String stay) {
        return new PlanPhase(Kind.READMITTED, Optional.of(stay));
    }

    static PlanPhase replacedBy(String stay) {
        return new PlanPhase(Kind.REPLACED, Optional.of(stay));
    }

    /**
     * The phase of a plan that nobody follows for now.
     *
     * @param readmission the stay of which the team was told, if it is still one
     */
    static PlanPhase suspended(Optional<String> readmission) {
        return new PlanPhase(Kind.SUSPENDED, readmission);
    }

    /** Whether the plan has come to its end in it, so that another has to be made when it is needed again. */
    public boolean isEnd() {
        return kind == Kind.RETRACTED || kind == Kind.REPLACED || kind == Kind.DIED;
    }
}
