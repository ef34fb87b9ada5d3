package org.careloop.eventcontracts;

import java.util.Locale;

/** Names of topics: one for each FHIR type, {@code <service>.<type>.v1}. */
public final class Topics {

    private Topics() {}

    /** The topic on which {@code service} tells of every change of a {@code type}, for example {@code referrals.task.v1}. */
    public static String of(String service, String type) {
        return service + "." + type.toLowerCase(Locale.ROOT) + ".v1";
    }

    /** The topic of the heads of {@code service}'s audit chain. */
    public static String auditSeals(String service) {
        return service + ".audit-seals.v1";
    }

    /** The topic of events that {@code service} could not consume, each with its reason. */
    public static String deadLetters(String service) {
        return service + ".dead-letters.v1";
    }
}
