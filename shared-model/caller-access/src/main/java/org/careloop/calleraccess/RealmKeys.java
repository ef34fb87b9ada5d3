package org.careloop.calleraccess;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import org.jose4j.jwk.PublicJsonWebKey;

/**
 * What the authorization server signs with now.
 *
 * @param issuer how it calls itself, the claim {@code iss} of its tokens
 * @param byId its keys for signatures by their {@code kid}
 */
record RealmKeys(String issuer, Map<String, PublicJsonWebKey> byId) {

    /** Where they come from. */
    @FunctionalInterface
    interface Source {

        /** Asks the server; fails when it does not answer, or with what is no key set. */
        Uni<RealmKeys> ask();
    }
}
