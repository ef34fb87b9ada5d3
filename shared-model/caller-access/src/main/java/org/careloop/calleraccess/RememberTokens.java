package org.careloop.calleraccess;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Takes a token that was verified a moment ago as verified: a client sends the same one with each request, and its signature
 * costs more than most answers. Never longer than half a minute, so that a key that is withdrawn is soon not trusted any more,
 * and never beyond the token's own end.
 */
@Alternative
@Priority(1)
@Singleton
public class RememberTokens implements HttpAuthenticationMechanism {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST = 2_000;
    private static final String BEARER = "Bearer ";

    private final OidcAuthenticationMechanism oidc;
    private final Clock clock;
    private final Cache<String, Verified> verified =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LONGEST).build();

    private record Verified(SecurityIdentity identity, long endSeconds) {}

    RememberTokens(OidcAuthenticationMechanism oidc) {
        this.oidc = oidc;
        this.clock = Clock.systemUTC();
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return oidc.authenticate(context, identities);
        }
        Verified known = verified.getIfPresent(authorization);
        if (known != null && clock.millis() / 1000 < known.endSeconds()) {
            return Uni.createFrom().item(known.identity());
        }
        return oidc.authenticate(context, identities).invoke(identity -> remember(authorization, identity));
    }

    private void remember(String authorization, @Nullable SecurityIdentity identity) {
        if (identity != null && identity.getPrincipal() instanceof JsonWebToken token) {
            verified.put(authorization, new Verified(identity, token.getExpirationTime()));
        }
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return oidc.getChallenge(context);
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return oidc.getCredentialTypes();
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
        return oidc.getCredentialTransport(context);
    }
}
