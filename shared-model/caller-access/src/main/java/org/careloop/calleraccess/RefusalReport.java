package org.careloop.calleraccess;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway refused by itself, on its way to a service's audit trail. Signed with a key derived from the secret of the
 * page links, which all parts of the platform have and nobody else: it works while the authorization server does not.
 */
@Singleton
public class RefusalReport {

    /** Header with the signature. */
    public static final String HEADER = "X-Careloop-Signature";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PURPOSE = "careloop refusals of the gateway";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * A refusal, and how many alike it stands for.
     *
     * @param claims whom a verified token names; absent without one
     */
    public record Refusal(
            String method,
            String path,
            int status,
            int problem,
            int times,
            Origin origin,
            @Nullable Claims claims) {}

    /** Where the request came from. */
    public record Origin(
            @Nullable String address,
            @Nullable String correlation,
            @Nullable String query) {}

    /** What a token tells. */
    public record Claims(
            @Nullable String client,
            @Nullable String person,
            @Nullable String role,
            @Nullable String organization) {}

    private final PageLinksConfig config;

    RefusalReport(PageLinksConfig config) {
        this.config = config;
    }

    /** Returns {@code refusals} as they are sent. */
    public byte[] write(List<Refusal> refusals) {
        try {
            return JSON.writeValueAsBytes(refusals);
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }

    /** Returns the value of {@link #HEADER} for {@code body}. */
    public String sign(byte[] body) {
        return sign(body, Instant.now(), config.key());
    }

    private static String sign(byte[] body, Instant now, String secret) {
        String time = Long.toString(now.getEpochSecond());
        try {
            Mac derive = Mac.getInstance("HmacSHA256");
            derive.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(derive.doFinal(PURPOSE.getBytes(StandardCharsets.UTF_8)), "HmacSHA256"));
            mac.update(time.getBytes(StandardCharsets.UTF_8));
            return time + "." + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    }

    /**
     * Reads what the gateway sent; fails with {@link ProblemCode#UNAUTHENTICATED} when the signature is not of a part of this
     * platform, or older than two minutes.
     */
    public List<Refusal> read(byte[] body, Optional<String> signature) {
        if (!isOurs(body, signature.orElse(""), Instant.now())) {
            throw new FhirProblem(ProblemCode.UNAUTHENTICATED, HEADER + ": not valid (expected: that of the gateway)");
        }
        try {
            return JSON.readValue(body, new TypeReference<List<Refusal>>() {});
        } catch (IOException e) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: cannot be read (expected: refusals)");
        }
    }

    boolean isOurs(byte[] body, String signature, Instant now) {
        String time = signature.split("\\.", 2)[0];
        if (!time.matches("[0-9]{1,12}")) {
            return false;
        }
        Instant signed = Instant.ofEpochSecond(Long.parseLong(time));
        return Duration.between(signed, now).abs().compareTo(PATIENCE) <= 0
                && Stream.concat(Stream.of(config.key()), config.previousKey().stream())
                        .anyMatch(secret -> MessageDigest.isEqual(
                                sign(body, signed, secret).getBytes(StandardCharsets.US_ASCII),
                                signature.getBytes(StandardCharsets.US_ASCII)));
    }
}
