package org.careloop.keycloak;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.SingleUseObjectProvider;

/** What EHRs are about to launch applications with: kept for some minutes, given out once. */
final class LaunchContexts {

    /** As long as it takes a browser to open an application and a person to log in. */
    static final long LIFE_SECONDS = 300;

    private static final String PREFIX = "careloop-launch:";
    private static final int RANDOM_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SingleUseObjectProvider store;

    LaunchContexts(SingleUseObjectProvider store) {
        this.store = store;
    }

    /** Keeps {@code context} and returns the word that stands for it, the {@code launch} parameter. */
    String keep(Map<String, String> context) {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        String launch = BASE64.encodeToString(random);
        store.put(PREFIX + launch, LIFE_SECONDS, context);
        return launch;
    }

    /** Returns what {@code launch} stands for, this once. */
    Optional<Map<String, String>> take(String launch) {
        return Optional.ofNullable(store.remove(PREFIX + launch));
    }

    /** The name of one authorization, by what PKCE has of it: known when it begins, and when its code is redeemed. */
    static String nameOf(String codeVerifier) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(codeVerifier.getBytes(StandardCharsets.US_ASCII));
            return BASE64.encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
