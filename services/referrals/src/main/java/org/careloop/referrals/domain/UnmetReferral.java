package org.careloop.referrals.domain;

import java.util.List;
import java.util.Optional;

/**
 * A referral that an agency was missing for.
 *
 * @param request the id of its ServiceRequest, which may have had several Tasks
 * @param serviceTypes what could have served it, each as {@code system|code}
 * @param lack what was missing
 */
public record UnmetReferral(String request, List<String> serviceTypes, Area area, Lack lack) {

    /** Why it was not served. */
    public enum Lack {
        /** No agency of the directory could be asked. */
        NO_AGENCY,
        /** The agency that was asked had no capacity. */
        NO_CAPACITY
    }

    /**
     * Where a person lives, as coarsely as figures tell it.
     *
     * @param postalCode the first three characters
     */
    public record Area(Optional<String> state, Optional<String> postalCode) {}
}
