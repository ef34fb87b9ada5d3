package org.careloop.referrals.domain;

import static org.hl7.fhir.r4.model.Task.TaskStatus.ACCEPTED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.COMPLETED;
import static org.hl7.fhir.r4.model.Task.TaskStatus.INPROGRESS;
import static org.hl7.fhir.r4.model.Task.TaskStatus.REQUESTED;

import java.util.Locale;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/** By when something has to have happened to a Task; limits and consequences are in {@code rules/task-clocks.yaml}. */
public enum ClockKind {
    /** Its owner has seen it: it says so in {@code businessStatus}, or answers. */
    ACKNOWLEDGE_BY,
    /** Whom it was offered to accepts or rejects. */
    ACCEPT_BY,
    /** Its owner has spoken with the person: it says so in {@code businessStatus}, or begins. */
    CONTACT_BY,
    /** Its owner begins. */
    START_BY,
    /** It is done. */
    COMPLETE_BY,
    /** The coordinating organisation has dealt with what the platform told it. */
    RESOLVE_BY;

    /** Whether a Task that is {@code status} now, and on which this clock runs no longer, tells that what it waits for has happened. */
    boolean hasHappened(TaskStatus status) {
        return switch (this) {
            // Stopped while it is still requested or accepted: the business status says so.
            case ACKNOWLEDGE_BY ->
                status == REQUESTED || status == ACCEPTED || status == INPROGRESS || status == COMPLETED;
            case ACCEPT_BY, CONTACT_BY -> status == ACCEPTED || status == INPROGRESS || status == COMPLETED;
            case START_BY -> status == INPROGRESS || status == COMPLETED;
            case COMPLETE_BY, RESOLVE_BY -> status == COMPLETED;
        };
    }

    /** The code in the Task's extension. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
