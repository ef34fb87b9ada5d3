package org.careloop.gateway.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.AuthorizationServer;
import org.careloop.gateway.app.Origins;
import org.careloop.gateway.app.Refusals;

/** The routes of the platform: FHIR by type, HL7 v2 to the transitions service, directories of others to referrals, operations by service. */
@Singleton
public class FhirDoor {

    private static final String TYPE = "(?<type>[A-Z][A-Za-z]+)";
    private static final String COMPARTMENT = "[A-Z][A-Za-z]+/[^/]+/(?:[A-Z][A-Za-z]+|\\*)";
    private static final String TERMINOLOGY = "(?:ValueSet|CodeSystem)/(?:\\$|%24)[a-z-]+";
    private static final String OPEN = "/(?:fhir|hl7v2|directory|operations)(?:/.*)?";
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final List<HttpMethod> READING = List.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final int NO_CONTENT = 204;
    private static final String DIRECTORY = "referrals";

    private final Origins origins;
    private final Admission admission;
    private final Forwarding forwarding;
    private final Searches searches;
    private final SeveralHolders severalHolders;
    private final HeldWhole heldWhole;
    private final AuthorizationServer authorization;
    private final Refusals refusals;
    private final boolean encrypted;

    FhirDoor(
            Origins origins,
            Admission admission,
            Forwarding forwarding,
            Searches searches,
            SeveralHolders severalHolders,
            HeldWhole heldWhole,
            AuthorizationServer authorization,
            Refusals refusals,
            GatewayConfig config) {
        this.origins = origins;
        this.admission = admission;
        this.forwarding = forwarding;
        this.searches = searches;
        this.severalHolders = severalHolders;
        this.heldWhole = heldWhole;
        this.authorization = authorization;
        this.refusals = refusals;
        this.encrypted = config.baseUrl().startsWith("https:");
    }

    void routes(@Observes Router router) {
        router.route().order(-1_000).handler(Correlation::handle);
        router.routeWithRegex(OPEN).handler(context -> {
            Answers.setRefusals(context, refusals);
            context.next();
        });
        router.routeWithRegex(OPEN).handler(SecureHeaders.handler(encrypted));
        router.routeWithRegex("/fhir(?:/.*)?").handler(FhirDoor::negotiate);
        reading(router, "/metadata", heldWhole::handle);
        router.get("/fhir/.well-known/smart-configuration").handler(this::smartConfiguration);
        router.routeWithRegex("/fhir(?:/.*)?")
                .method(HttpMethod.OPTIONS)
                .handler(context -> context.response()
                        .setStatusCode(NO_CONTENT)
                        .putHeader("Allow", METHODS)
                        .end());
        router.routeWithRegex("/fhir(?:/.*)?").handler(this::convert);
        Handler<RoutingContext> whole = admission.before(heldWhole::handle);
        router.postWithRegex("/fhir/?").handler(whole);
        reading(router, "/?|/_history|/" + COMPARTMENT, whole);
        router.postWithRegex("/fhir/(?:" + COMPARTMENT + "/)?_search").handler(whole);
        router.routeWithRegex("/fhir/Patient/(?:[^/]+/)?(?:\\$|%24)everything").handler(whole);
        reading(router, "/Patient/[^/]+/(?:\\$|%24)disclosures|/AuditEvent(?:/[^/]+)?", whole);
        router.post("/fhir/AuditEvent/_search").handler(whole);
        router.routeWithRegex("/fhir/" + TERMINOLOGY)
                .handler(admission.before(context -> forwarding.send(context, origins.terminology())));
        router.postWithRegex("/fhir/(?:\\$|%24)process-message")
                .handler(admission.before(context -> forwarding.send(context, Origins.INTAKE)));
        reading(router, "/" + TYPE, admission.before(searches::byGet));
        router.postWithRegex("/fhir/" + TYPE + "/_search").handler(admission.before(searches::byPost));
        router.routeWithRegex("/fhir/" + TYPE + "(?:/(?<id>[^/]+)(?:/.*)?)?").handler(admission.before(this::byType));
        router.post("/hl7v2").handler(admission.before(context -> forwarding.send(context, Origins.INTAKE)));
        router.post("/directory/hsds").handler(admission.before(context -> forwarding.send(context, DIRECTORY)));
        router.routeWithRegex("/operations/(?<service>[a-z-]+)/.+").handler(admission.before(this::toService));
        router.routeWithRegex(OPEN).handler(context -> Answers.send(context, unknown()));
    }

    private void smartConfiguration(RoutingContext context) {
        authorization
                .smartConfiguration()
                .subscribe()
                .with(
                        smart -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(smart.encode()),
                        failure -> Answers.send(context, failure));
    }

    private static void reading(Router router, String path, Handler<RoutingContext> handler) {
        READING.forEach(
                method -> router.routeWithRegex(method, "/fhir(?:" + path + ")").handler(handler));
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
        if (HeldWhole.isNeeded(context)) {
            admission.admit(context, heldWhole::handle);
        } else {
            context.next();
        }
    }

    private void byType(RoutingContext context) {
        String type = context.pathParam("type");
        switch (origins.holdersOf(type).size()) {
            case 0 -> Answers.send(context, unknown());
            case 1 -> forwarding.send(context, origins.holdersOf(type).getFirst());
            default -> ofSeveral(context, type);
        }
    }

    private void ofSeveral(RoutingContext context, String type) {
        Optional<String> id = Optional.ofNullable(context.pathParam("id"));
        if (READING.contains(context.request().method()) && id.equals(Optional.of("_history"))) {
            heldWhole.handle(context);
        } else {
            severalHolders.send(context, type, id);
        }
    }

    private void toService(RoutingContext context) {
        String service = context.pathParam("service");
        if (origins.services().contains(service)) {
            forwarding.send(context, service);
        } else {
            Answers.send(context, unknown());
        }
    }

    static FhirProblem unknown() {
        return new FhirProblem(
                ProblemCode.UNKNOWN_TYPE, "URL: nothing here (expected: a type that the capability statement lists)");
    }
}
