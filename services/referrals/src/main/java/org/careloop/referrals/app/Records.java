package org.careloop.referrals.app;

import java.util.Set;
import org.careloop.fhirstore.Write;
import org.hl7.fhir.r4.model.Reference;

/**
 * What a system of record tells of referrals that are run elsewhere: nobody moves them here, so no life cycle governs them
 * (ADR-0016).
 */
final class Records {

    private Records() {}

    /**
     * Tells whether {@code write} is history: a new record in a status in which work does not begin.
     *
     * @param begins whether work begins in the status of the new resource
     */
    static boolean isHistory(Write write, boolean begins) {
        return write.isRecord() && !begins;
    }

    /**
     * Tells whether {@code write} mirrors a referral of others: the recorder is a system, and {@code requester}, the stored
     * one where there is one, is an organisation that it does not act for.
     */
    static boolean isMirror(Write write, Reference requester) {
        Set<String> own = write.caller().references();
        String named = requester.getReference();
        return write.isBySystemOfRecord() && named != null && named.startsWith("Organization/") && !own.contains(named);
    }
}
