package org.careloop.audittrail;

import java.util.Optional;
import java.util.Set;

/**
 * What is recorded of one answer, or of one version that was written.
 *
 * @param interaction FHIR's code of the interaction; {@code operation}, {@code prune} besides
 * @param status the HTTP status of the answer
 * @param problem the number of the problem that a refusal told
 */
public record AuditRow(
        String interaction,
        int status,
        AuditAgent agent,
        Subject subject,
        Question question,
        Optional<Integer> problem) {

    /**
     * What it was about.
     *
     * @param patients ids of the patients whose records were shown or changed
     * @param results how many resources were shown; of a refusal, how many alike this row stands for
     */
    public record Subject(
            Set<String> patients,
            Optional<String> type,
            Optional<String> id,
            Optional<Long> version,
            Optional<Integer> results) {}

    /**
     * How it came about.
     *
     * @param query what was asked for, as a URL has it after its path
     * @param purpose code of v3 ActReason
     */
    public record Question(Optional<String> query, Optional<String> purpose, Optional<String> correlation) {}
}
