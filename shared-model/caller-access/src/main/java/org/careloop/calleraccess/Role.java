package org.careloop.calleraccess;

import java.util.Locale;
import java.util.Optional;

/** What a caller is to the platform; the {@code careloop_role} claim of its token. */
public enum Role {
    /** A system of a hospital that sends events. */
    EVENT_SOURCE,
    /** A case manager, or an EHR that acts for the coordinating organisation. */
    COORDINATOR,
    SUPERVISOR,
    /** Who watches over accesses to the data of patients. */
    PRIVACY_OFFICER,
    /** An agency that is given referrals. */
    PARTNER,
    PATIENT,
    /** Another service of this platform. */
    SERVICE;

    /** Reads the claim; empty for a value that is none of these. */
    static Optional<Role> of(String claim) {
        for (Role role : values()) {
            if (role.claim().equals(claim)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** How the role is written in tokens and rule files. */
    public String claim() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
