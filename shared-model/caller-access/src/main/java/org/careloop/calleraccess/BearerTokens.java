package org.careloop.calleraccess;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.platformhttp.HereAgain;

/**
 * Knows callers by the access token in {@code Authorization: Bearer}. A token that was verified a moment ago is taken as
 * verified: a client sends the same one with each request, and its signature costs more than most answers. Never longer than
 * half a minute, so that a key that is withdrawn is soon not trusted any more, and never beyond the token's own end.
 */
@Singleton
public class BearerTokens implements HttpAuthenticationMechanism {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST = 2_000;
    private static final String SCHEME = "Bearer";
    private static final String BEARER = SCHEME + " ";

    private final VerifyTokens tokens;
    private final Clock clock;
    private final Cache<String, SecurityIdentity> verified =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LONGEST).build();

    BearerTokens(VerifyTokens tokens) {
        this.tokens = tokens;
        this.clock = Clock.systemUTC();
    }

    /** Returns nobody for a request without such a token; fails as {@link ProblemCode#UNAVAILABLE} when keys cannot be had. */
    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Uni.createFrom().nullItem();
        }
        String raw = authorization.substring(BEARER.length()).strip();
        SecurityIdentity known = verified.getIfPresent(raw);
        if (known != null && isCurrent(known)) {
            return Uni.createFrom().item(known);
        }
        return tokens.verify(raw)
                // Several requests may wait for the same keys.
                .emitOn(HereAgain.now())
                .map(BearerTokens::identity)
                .invoke(identity -> verified.put(raw, identity));
    }

    private boolean isCurrent(SecurityIdentity identity) {
        return identity.getPrincipal() instanceof AccessToken token && clock.millis() / 1000 < token.endSeconds();
    }

    private static SecurityIdentity identity(AccessToken token) {
        return QuarkusSecurityIdentity.builder().setPrincipal(token).build();
    }

    /** Before the certificate of a connection, which tells the part of the platform and not who asks. */
    @Override
    public int getPriority() {
        return 2 * DEFAULT_PRIORITY;
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", SCHEME));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
        return Uni.createFrom().item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, SCHEME));
    }
}
