package org.careloop.audittrail;

import java.util.Optional;
import org.careloop.calleraccess.Role;

/**
 * Why a caller usually asks, where its token does not tell.
 *
 * @see <a href="https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html">v3 PurposeOfUse</a>
 */
final class Purposes {

    private Purposes() {}

    static Optional<String> usual(Role role) {
        return switch (role) {
            case EVENT_SOURCE, COORDINATOR, PARTNER -> Optional.of("TREAT");
            case PRIVACY_OFFICER, SUPERVISOR -> Optional.of("HOPERAT");
            case PATIENT -> Optional.of("PATRQT");
            case SERVICE -> Optional.empty();
        };
    }
}
