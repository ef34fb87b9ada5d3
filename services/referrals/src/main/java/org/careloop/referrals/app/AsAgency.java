package org.careloop.referrals.app;

import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.calleraccess.SmartScopes;

/** Who writes what an agency says by another way than a call of its own: it may see and do what the agency may. */
final class AsAgency {

    private AsAgency() {}

    /**
     * Returns the caller.
     *
     * @param agency the literal reference of its Organization
     * @param way how the agency says it, as the trail names it
     * @param judged whether what is said, references among it, was judged already when it was first said
     */
    static Caller of(String agency, String way, boolean judged) {
        return new Caller(
                way,
                Role.PARTNER,
                Optional.of(agency.replaceFirst("^Organization/", "")),
                Optional.empty(),
                Optional.empty(),
                SmartScopes.parse("system/Task.ru system/ServiceRequest.r"),
                judged);
    }
}
