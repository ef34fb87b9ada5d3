package org.careloop.fhirrest;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.careloop.audittrail.AuditTrail;
import org.careloop.audittrail.AuditedInteraction;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.eventflow.Causes;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirstore.RequestTrace;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Keeps every answer until its row is in the audit trail, refusals too; when it cannot be written, the answer is 503 and tells
 * nothing. A change of one resource has its row already, committed with the change.
 */
public class AuditFilter {

    private static final Logger LOG = Logger.getLogger("org.careloop.fhirrest");

    /** Answers that say nothing of a person to whoever asked: what the parts of the platform tell each other to do their work. */
    private static final Pattern OF_THE_PLATFORM = Pattern.compile(
            "/fhir/metadata|/federation/(?:present|refusals|[A-Z][A-Za-z]+/[^/]+|transactions/[^/]+/(?:commit|rollback|outcome))");

    private static final Set<String> OF_ONE = Set.of("create", "update", "patch", "delete");
    private static final Pattern CORRELATION = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int REFUSED = 400;

    private final AuditTrail trail;
    private final CurrentVertxRequest http;

    AuditFilter(AuditTrail trail, CurrentVertxRequest http) {
        this.trail = trail;
        this.http = http;
    }

    /** Begins what the trail is to know of {@code http}. */
    static AuditedRequest begin(HttpServerRequest http) {
        String given = http.getHeader(FhirHeaders.CORRELATION_ID);
        Optional<String> correlation =
                given != null && CORRELATION.matcher(given).matches()
                        ? Optional.of(given)
                        : RequestTrace.current().map(trace -> trace.split("-")[1]);
        String seen = http.getHeader(FhirHeaders.CLIENT_ADDRESS);
        return AuditedRequest.begin(correlation)
                .from(seen != null ? seen : http.remoteAddress().hostAddress());
    }

    @ServerResponseFilter
    Uni<Void> audit(ContainerResponseContext response) {
        HttpServerRequest request = http.getCurrent().request();
        int status = response.getStatus();
        if (status < REFUSED && OF_THE_PLATFORM.matcher(request.path()).matches()) {
            return Uni.createFrom().voidItem();
        }
        AuditedRequest known = AuditedRequest.current().orElseGet(() -> refusedAtOnce(request));
        AuditedInteraction asked = AuditedInteraction.of(request.method().name(), request.path());
        if (status < REFUSED && known.isWritten() && OF_ONE.contains(asked.code())) {
            return Uni.createFrom().voidItem();
        }
        return trail.record(known.answered(asked, Optional.ofNullable(request.query()), status))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.errorf("Answer withheld, it cannot be recorded in the audit trail: %s", Causes.nameOf(failure));
                    withhold(response);
                    return Uni.createFrom().voidItem();
                });
    }

    /** Without a token a request gets no further than to its refusal. */
    private static AuditedRequest refusedAtOnce(HttpServerRequest http) {
        AuditedRequest request = begin(http);
        request.refused(ProblemCode.UNAUTHENTICATED.number());
        return request;
    }

    private static void withhold(ContainerResponseContext response) {
        Response instead = ProblemMappers.unavailable("audit trail");
        response.getHeaders().clear();
        instead.getHeaders().forEach((name, values) -> response.getHeaders().addAll(name, values));
        response.setStatus(instead.getStatus());
        response.setEntity(instead.getEntity());
    }
}
