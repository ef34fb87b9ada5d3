package org.careloop.gateway.api;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.careloop.calleraccess.Callers;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.CapabilityOfAll;
import org.careloop.gateway.app.Origins;

/** The routes of the platform: FHIR by type, HL7 v2 to the transitions service, operations by service. */
@Singleton
public class FhirDoor {

    private static final String TYPE = "(?<type>[A-Z][A-Za-z]+)";
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final List<HttpMethod> READING = List.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final int NO_CONTENT = 204;
    private static final String INTAKE = "transitions";
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private final GatewayConfig config;
    private final Origins origins;
    private final CapabilityOfAll capability;
    private final IdentityProviderManager identities;
    private final Callers callers;
    private final Forwarding forwarding;
    private final Searches searches;
    private final SeveralHolders severalHolders;
    private final Bundles bundles;
    private final Histories histories;
    private final Conversion conversion;

    FhirDoor(
            GatewayConfig config,
            Origins origins,
            CapabilityOfAll capability,
            IdentityProviderManager identities,
            Callers callers,
            Forwarding forwarding,
            Searches searches,
            SeveralHolders severalHolders,
            Bundles bundles,
            Histories histories,
            Conversion conversion) {
        this.config = config;
        this.origins = origins;
        this.capability = capability;
        this.identities = identities;
        this.callers = callers;
        this.forwarding = forwarding;
        this.searches = searches;
        this.severalHolders = severalHolders;
        this.bundles = bundles;
        this.histories = histories;
        this.conversion = conversion;
    }

    void routes(@Observes Router router) {
        router.route().order(-1_000).handler(Correlation::handle);
        router.routeWithRegex("/fhir(?:/.*)?").handler(FhirDoor::negotiate);
        router.get("/fhir/metadata").handler(this::metadata);
        router.head("/fhir/metadata").handler(this::metadata);
        router.routeWithRegex("/fhir(?:/.*)?")
                .method(HttpMethod.OPTIONS)
                .handler(context -> context.response()
                        .setStatusCode(NO_CONTENT)
                        .putHeader("Allow", METHODS)
                        .end());
        router.routeWithRegex("/fhir(?:/.*)?").handler(this::convert);
        for (HttpMethod reading : READING) {
            router.route(reading, "/fhir/_history")
                    .handler(context -> admit(context, () -> histories.ofSystem(context)));
        }
        router.post("/fhir").handler(context -> admit(context, () -> bundles.run(context)));
        router.routeWithRegex(HttpMethod.GET, "/fhir/" + TYPE)
                .handler(context -> admit(context, () -> searches.byGet(context)));
        router.routeWithRegex(HttpMethod.HEAD, "/fhir/" + TYPE)
                .handler(context -> admit(context, () -> searches.byGet(context)));
        router.postWithRegex("/fhir/" + TYPE + "/_search")
                .handler(context -> admit(context, () -> searches.byPost(context)));
        router.routeWithRegex("/fhir/" + TYPE + "(?:/(?<id>[^/]+)(?:/.*)?)?")
                .handler(context -> admit(context, () -> byType(context)));
        router.post("/hl7v2").handler(context -> admit(context, () -> forwarding.send(context, INTAKE)));
        router.routeWithRegex("/operations/(?<service>[a-z-]+)/.+")
                .handler(context -> admit(context, () -> toService(context, context.pathParam("service"))));
        router.routeWithRegex("/(?:fhir|hl7v2|operations)(?:/.*)?")
                .handler(context -> Answers.send(context, unknown()));
    }

    private static void negotiate(RoutingContext context) {
        try {
            Answers.setFormat(context, Format.of(context.request()));
            context.next();
        } catch (FhirProblem e) {
            Answers.send(context, e);
        }
    }

    /** What is to be converted leaves the streamed path here. */
    private void convert(RoutingContext context) {
        if (Conversion.isNeeded(context)) {
            admit(context, () -> conversion.handle(context));
        } else {
            context.next();
        }
    }

    private void byType(RoutingContext context) {
        String type = context.pathParam("type");
        switch (origins.holdersOf(type).size()) {
            case 0 -> Answers.send(context, unknown());
            case 1 -> forwarding.send(context, origins.holdersOf(type).getFirst());
            default -> {
                Optional<String> id = Optional.ofNullable(context.pathParam("id"));
                if (READING.contains(context.request().method()) && id.equals(Optional.of("_history"))) {
                    histories.ofType(context, type);
                } else {
                    severalHolders.send(context, type, id);
                }
            }
        }
    }

    private void toService(RoutingContext context, String service) {
        if (origins.services().contains(service)) {
            forwarding.send(context, service);
        } else {
            Answers.send(context, unknown());
        }
    }

    private void metadata(RoutingContext context) {
        capability
                .handle()
                .subscribe()
                .with(statement -> Answers.json(context, statement), failure -> Answers.send(context, failure));
    }

    /**
     * Checks the token here too, so that nothing reaches a service without one; the service decides what it may see. Then
     * the request is paused: who reads its body resumes it.
     */
    private void admit(RoutingContext context, Runnable next) {
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
                                next.run();
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
                .invoke(callers::of)
                .replaceWithVoid();
    }

    static FhirProblem unknown() {
        return new FhirProblem(
                ProblemCode.UNKNOWN_TYPE, "URL: nothing here (expected: a type that the capability statement lists)");
    }
}
