package org.careloop.fhirrest;

import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.runtime.TokensHelper;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.platformhttp.HereAgain;

/** The access token with which this service asks another in its own name. */
@Singleton
public class OwnToken {

    private final OidcClient client;
    private volatile TokensHelper tokens = new TokensHelper();

    /** The tokens that {@code client} gets. */
    public OwnToken(OidcClient client) {
        this.client = client;
    }

    /** Returns a token that is valid now; fails with {@link ProblemCode#UNAVAILABLE} when none can be had. */
    public Uni<String> bearer() {
        return Uni.createFrom()
                // Several may wait for the same new token.
                .deferred(() -> tokens.getTokens(client).emitOn(HereAgain.now()))
                .onFailure()
                .transform(e -> new FhirProblem(
                        ProblemCode.UNAVAILABLE, "identity server: cannot be reached now (expected: retry)"))
                .map(token -> token.getAccessToken());
    }

    /** Gets a new token the next time, because the last one was refused. */
    public void renew() {
        tokens = new TokensHelper();
    }
}
