package org.careloop.calleraccess;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway refused by itself, on its way to a service's audit trail. Signed instead of sent with a token: that works
 * while the authorization server does not.
 */
@Singleton
public class RefusalReport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PURPOSE = "careloop refusals of the gateway";

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

    private final PlatformSignature signature;

    RefusalReport(PlatformSignature signature) {
        this.signature = signature;
    }

    /** Returns {@code refusals} as they are sent. */
    public byte[] write(List<Refusal> refusals) {
        try {
            return JSON.writeValueAsBytes(refusals);
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }

    /** Returns the value of {@link PlatformSignature#HEADER} for {@code body}. */
    public String sign(byte[] body) {
        return signature.sign(PURPOSE, body);
    }

    /**
     * Reads what the gateway sent; fails as {@link PlatformSignature#require} does.
     */
    public List<Refusal> read(byte[] body, Optional<String> signature) {
        this.signature.require(PURPOSE, body, signature);
        try {
            return JSON.readValue(body, new TypeReference<List<Refusal>>() {});
        } catch (IOException e) {
            throw new FhirProblem(ProblemCode.MALFORMED_BODY, "body: cannot be read (expected: refusals)");
        }
    }
}
