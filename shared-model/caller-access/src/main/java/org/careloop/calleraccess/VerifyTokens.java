package org.careloop.calleraccess;

import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.platformhttp.PlatformHttp;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * Verifies access tokens: signed with one of the realm's own keys by an algorithm for such a key, for this platform, by the
 * realm, not before its time and not after. What a token's header says of keys ({@code jwk}, {@code jku}, {@code x5c},
 * {@code x5u}) is never looked at, but for the {@code kid} that names one of the realm's.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, JSON Web Token Best Current Practices</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9068">RFC 9068, JWT profile for access tokens</a>
 */
public final class VerifyTokens {

    private static final AlgorithmConstraints ALGORITHMS = new AlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384);

    /** Longer than any token of the realm; a header of that length does not come through either. */
    private static final int LONGEST = 16_384;

    private final KeptKeys keys;
    private final TokensConfig config;
    private final Clock clock;

    VerifyTokens(RealmKeys.Source source, TokensConfig config, Clock clock) {
        this.keys = new KeptKeys(source, config, clock);
        this.config = config;
        this.clock = clock;
    }

    /** Makes the one that asks the configured realm. */
    @Singleton
    static final class OfRealm {

        OfRealm() {}

        @Produces
        @Singleton
        VerifyTokens verifyTokens(
                Vertx vertx,
                PlatformHttp http,
                TokensConfig config,
                @ConfigProperty(name = "careloop.oidc.url") String realm) {
            return new VerifyTokens(new PublishedKeys(vertx, http.client(), realm), config, Clock.systemUTC());
        }
    }

    /**
     * Returns what {@code raw} says. Fails with {@link AuthenticationFailedException} when it is not to be trusted, with
     * {@link ProblemCode#UNAVAILABLE} when that cannot be told because the realm does not answer.
     */
    Uni<AccessToken> verify(String raw) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(ALGORITHMS);
        String key;
        try {
            if (raw.length() > LONGEST) {
                throw new JoseException("too long");
            }
            signature.setCompactSerialization(raw);
            key = Optional.ofNullable(signature.getKeyIdHeaderValue()).orElse("");
            // An algorithm that is not allowed must not even have the keys asked for.
            ALGORITHMS.checkConstraint(String.valueOf(signature.getAlgorithmHeaderValue()));
        } catch (JoseException e) {
            return Uni.createFrom().failure(new AuthenticationFailedException(e));
        }
        return keys.having(key).map(realm -> verified(raw, signature, realm, key));
    }

    private AccessToken verified(String raw, JsonWebSignature signature, RealmKeys realm, String key) {
        try {
            PublicJsonWebKey signer = realm.byId().get(key);
            requireAlgorithm(signer, signature);
            JwtClaims claims = new JwtConsumerBuilder()
                    .setJwsAlgorithmConstraints(ALGORITHMS)
                    .setVerificationKey(signer.getPublicKey())
                    .setExpectedIssuer(realm.issuer())
                    .setExpectedAudience(config.audience())
                    .setRequireExpirationTime()
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .setAllowedClockSkewInSeconds((int) config.clockSkew().toSeconds())
                    .build()
                    .processToClaims(raw);
            requireAccess(claims);
            return new AccessToken(raw, claims, claims.getExpirationTime().getValue());
        } catch (InvalidJwtException | MalformedClaimException | JoseException e) {
            throw new AuthenticationFailedException(e);
        }
    }

    private static void requireAlgorithm(PublicJsonWebKey signer, JsonWebSignature signature) throws JoseException {
        if (signer == null) {
            throw new JoseException("unknown key");
        }
        if (signer.getAlgorithm() != null && !signer.getAlgorithm().equals(signature.getAlgorithmHeaderValue())) {
            throw new JoseException("other algorithm than the key's");
        }
    }

    /** The realm signs tokens of other kinds with the same keys: those that tell an application who logged in, for one. */
    private static void requireAccess(JwtClaims claims) throws JoseException {
        Object kind = claims.getClaimValue("typ");
        if (kind != null && !kind.equals("Bearer")) {
            throw new JoseException("no access token");
        }
    }
}
