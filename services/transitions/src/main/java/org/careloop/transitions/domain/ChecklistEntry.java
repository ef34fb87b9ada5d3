package org.careloop.transitions.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a person said of an item of the checklist of a discharge.
 *
 * @param note why it does not apply, or is open again; else anything
 * @param evidence literal references to what shows it
 * @param choice whom the person chose, a literal reference
 * @param by who says so, a literal reference
 * @param qualification by which they may say so
 * @param recordedBy which organisation wrote it down, and who of it: as the server knows it
 * @param basis what was known of risk and destination then
 */
public record ChecklistEntry(
        String item,
        ChecklistStatus status,
        Optional<String> note,
        List<String> evidence,
        Optional<String> choice,
        String by,
        String qualification,
        String recordedBy,
        Instant at,
        String basis) {}
