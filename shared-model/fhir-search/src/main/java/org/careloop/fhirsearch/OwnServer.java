package org.careloop.fhirsearch;

import org.careloop.fhirmodel.ResourceKey;

/**
 * The address that clients use for this server. What they name by it, such as {@code https://care.example.org/fhir/Patient/1},
 * is the same as {@code Patient/1}. The address is the same for all of a process, and is set before its first request.
 */
public final class OwnServer {

    private static volatile String base = "";

    private OwnServer() {}

    /** Sets the address: that of the FHIR endpoint, with or without a slash at its end. */
    public static void isAt(String baseUrl) {
        base = baseUrl.isEmpty() || baseUrl.endsWith("/") ? baseUrl : baseUrl + "/";
    }

    /** Returns {@code Type/id} for what is of this server, without its version, and everything else as it is. */
    public static String relative(String reference) {
        String own = !base.isEmpty() && reference.startsWith(base) ? reference.substring(base.length()) : reference;
        // A resource elsewhere is not the one here that happens to have the same id.
        return ResourceKey.parse(own).map(ResourceKey::reference).orElse(reference);
    }
}
