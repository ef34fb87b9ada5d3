package org.careloop.referrals.domain;

import java.time.Instant;
import java.util.Optional;
import org.hl7.fhir.r4.model.Task.TaskStatus;

/**
 * One stored version of a referral Task, as far as figures need it.
 *
 * @param at when it was stored; what the Task itself says of times is typed in
 * @param owner a literal reference
 * @param reason {@code statusReason} by its code of {@link EndReasons#SYSTEM}, {@link #UNCODED} where it has none; empty without one
 * @param businessStatus the agency's own word for where it is, in any form that tells two of them apart
 */
public record TaskVersion(
        Instant at,
        TaskStatus status,
        Optional<String> owner,
        Optional<String> reason,
        Optional<String> businessStatus) {

    /** Stands for a reason that is told by a text alone, or by codes of others. */
    public static final String UNCODED = "uncoded";
}
