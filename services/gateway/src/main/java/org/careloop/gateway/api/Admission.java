package org.careloop.gateway.api;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Callers;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.GatewayConfig;

/**
 * Lets a request in: its body is not too large, its token valid. Checked here too, so that nothing reaches a service without
 * a token; the service decides what it may see.
 */
@Singleton
public class Admission {

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private final GatewayConfig config;
    private final IdentityProviderManager identities;
    private final Callers callers;
    private final RateLimits rateLimits;

    Admission(GatewayConfig config, IdentityProviderManager identities, Callers callers, RateLimits rateLimits) {
        this.config = config;
        this.identities = identities;
        this.callers = callers;
        this.rateLimits = rateLimits;
    }

    /** Returns {@code next} for those alone who are let in. The request is paused then: who reads its body resumes it. */
    Handler<RoutingContext> before(Handler<RoutingContext> next) {
        return context -> admit(context, next);
    }

    /** As {@link #before}, for the request at hand. */
    void admit(RoutingContext context, Handler<RoutingContext> next) {
        if (tooLarge(context)) {
            Answers.send(context, RequestBodies.tooLarge(config.maxBodySize()));
            return;
        }
        context.request().pause();
        context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, (BiConsumer<RoutingContext, Throwable>) Answers::send);
        known(context)
                .subscribe()
                .with(
                        caller -> {
                            try {
                                next.handle(context);
                            } catch (RuntimeException e) {
                                Answers.send(context, e);
                            }
                        },
                        failure -> Answers.send(context, failure));
    }

    private boolean tooLarge(RoutingContext context) {
        String length = context.request().getHeader("Content-Length");
        return length != null && (!LENGTH.matcher(length).matches() || Long.parseLong(length) > config.maxBodySize());
    }

    private Uni<Void> known(RoutingContext context) {
        return QuarkusHttpUser.getSecurityIdentity(context, identities)
                .onItem()
                .ifNull()
                .failWith(() -> new FhirProblem(
                        ProblemCode.UNAUTHENTICATED, "Authorization: missing (expected: Bearer access token)"))
                .invoke(identity -> Answers.setClaims(context, callers.claimsOf(identity)))
                .map(callers::of)
                .invoke(caller -> requireShare(context, caller))
                .replaceWithVoid();
    }

    private void requireShare(RoutingContext context, Caller caller) {
        rateLimits.take(caller.client()).ifPresent(seconds -> {
            context.response().putHeader("Retry-After", Long.toString(seconds));
            throw new FhirProblem(
                    ProblemCode.RATE_LIMITED, "requests: too many of this client (expected: as Retry-After says)");
        });
    }
}
