package org.careloop.calleraccess;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/**
 * By which one part of the platform knows what comes from another, whoever's token comes with it. The key is derived from the
 * secret of the page links, which all parts have and nobody else.
 */
@Singleton
public class PlatformSignature {

    /** Header with the signature. */
    public static final String HEADER = "X-Careloop-Signature";

    /** What the gateway sends for its part in a transaction that spans services. */
    public static final String SPANNING_TRANSACTION = "careloop spanning transactions";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PageLinksConfig config;

    PlatformSignature(PageLinksConfig config) {
        this.config = config;
    }

    /**
     * Returns the value of {@link #HEADER} for {@code content}.
     *
     * @param purpose what it is for; a signature for one is none for another
     */
    public String sign(String purpose, byte[] content) {
        return sign(purpose, content, Instant.now(), config.key());
    }

    private static String sign(String purpose, byte[] content, Instant now, String secret) {
        String time = Long.toString(now.getEpochSecond());
        try {
            Mac derive = Mac.getInstance("HmacSHA256");
            derive.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(derive.doFinal(purpose.getBytes(StandardCharsets.UTF_8)), "HmacSHA256"));
            mac.update(time.getBytes(StandardCharsets.UTF_8));
            return time + "." + HexFormat.of().formatHex(mac.doFinal(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    }

    /** Joins to one content what must not be exchanged for that of another: the name of a matter, and what is sent of it. */
    public static byte[] content(String matter, byte[] body) {
        byte[] name = (matter + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] content = Arrays.copyOf(name, name.length + body.length);
        System.arraycopy(body, 0, content, name.length, body.length);
        return content;
    }

    /**
     * Fails with {@link ProblemCode#UNAUTHENTICATED} when {@code signature} is not that of a part of this platform for this
     * content and purpose, or older than two minutes.
     */
    public void require(String purpose, byte[] content, Optional<String> signature) {
        if (!isOurs(purpose, content, signature.orElse(""), Instant.now())) {
            throw new FhirProblem(ProblemCode.UNAUTHENTICATED, HEADER + ": not valid (expected: that of the gateway)");
        }
    }

    private boolean isOurs(String purpose, byte[] content, String signature, Instant now) {
        String time = signature.split("\\.", 2)[0];
        if (!time.matches("[0-9]{1,12}")) {
            return false;
        }
        Instant signed = Instant.ofEpochSecond(Long.parseLong(time));
        return Duration.between(signed, now).abs().compareTo(PATIENCE) <= 0
                && Stream.concat(Stream.of(config.key()), config.previousKey().stream())
                        .anyMatch(secret -> MessageDigest.isEqual(
                                sign(purpose, content, signed, secret).getBytes(StandardCharsets.US_ASCII),
                                signature.getBytes(StandardCharsets.US_ASCII)));
    }
}
