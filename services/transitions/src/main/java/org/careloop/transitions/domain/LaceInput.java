package org.careloop.transitions.domain;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What LACE needs; each may be unknown, which is not the same as none.
 *
 * @param admitted day of admission in the site's zone
 * @param discharged day of discharge in the site's zone
 * @param acuteAdmission whether the admission was acute (emergent)
 * @param diagnosisCodes ICD-10-CM codes of the stay; empty = not known
 * @param emergencyVisits visits in the 6 months before admission, without the one that led to it
 */
public record LaceInput(
        Optional<LocalDate> admitted,
        Optional<LocalDate> discharged,
        Optional<Boolean> acuteAdmission,
        List<String> diagnosisCodes,
        Optional<Integer> emergencyVisits) {}
