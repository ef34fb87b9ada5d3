package org.careloop.fhirrest;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.eventflow.Causes;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.Outcomes;
import org.careloop.fhirmodel.ProblemCode;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers every failure with an OperationOutcome; what is a fault of ours tells where to find it, nothing else. */
public class ProblemMappers {

    private static final Logger LOG = Logger.getLogger("org.careloop.fhirrest");
    private static final String RETRY_SECONDS = "2";

    ProblemMappers() {}

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException e) {
        return unauthenticated("Authorization: missing (expected: Bearer access token)");
    }

    @ServerExceptionMapper
    Response authenticationFailed(AuthenticationFailedException e) {
        return unauthenticated("Authorization: token not valid (expected: a current access token of this platform)");
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException e) {
        return answer(new FhirProblem(ProblemCode.FORBIDDEN, "access token: not allowed here"));
    }

    /** A path that no endpoint has; also wraps failures of parameter converters, so the cause comes first. */
    @ServerExceptionMapper
    Response notFound(NotFoundException e) {
        return e.getCause() instanceof FhirProblem problem
                ? answer(problem)
                : answer(new FhirProblem(ProblemCode.UNKNOWN_TYPE, "URL: unknown (expected: a FHIR R4 interaction)"));
    }

    @ServerExceptionMapper
    Response notAllowed(NotAllowedException e) {
        return answer(new FhirProblem(ProblemCode.METHOD_NOT_ALLOWED, "method: not supported for this URL"));
    }

    @ServerExceptionMapper
    Response notSupported(NotSupportedException e) {
        return answer(new FhirProblem(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type: not supported (expected: " + FhirJson.MEDIA_TYPE + ")"));
    }

    @ServerExceptionMapper
    Response web(WebApplicationException e) {
        int status = e.getResponse().getStatus();
        if (status == ProblemCode.NOT_ACCEPTABLE.status()) {
            return answer(new FhirProblem(ProblemCode.NOT_ACCEPTABLE, "Accept: expected: " + FhirJson.MEDIA_TYPE));
        }
        if (status == ProblemCode.BODY_TOO_LARGE.status()) {
            return answer(new FhirProblem(ProblemCode.BODY_TOO_LARGE, "body: too large"));
        }
        return status >= 400 && status < 500
                ? answer(new FhirProblem(ProblemCode.INVALID_PARAMETER, "request: cannot be read"))
                : internal(e);
    }

    /** What may pass by itself is told so, whatever library it comes from; the rest is a fault of ours. */
    @ServerExceptionMapper
    Response fault(Throwable e) {
        return Causes.passes(e) ? unavailable("database") : internal(e);
    }

    private static Response unauthenticated(String text) {
        Response answer = answer(new FhirProblem(ProblemCode.UNAUTHENTICATED, text));
        return Response.fromResponse(answer)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }

    static Response unavailable(String part) {
        Response answer =
                answer(new FhirProblem(ProblemCode.UNAVAILABLE, part + ": cannot be reached now (expected: retry)"));
        return Response.fromResponse(answer)
                .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
                .build();
    }

    private static Response internal(Throwable e) {
        String trace = UUID.randomUUID().toString();
        LOG.errorf(new StackOnly(e), "Request failed: trace=%s", trace);
        return answer(new FhirProblem(ProblemCode.INTERNAL, "internal fault (trace " + trace + ")"));
    }

    static Response answer(FhirProblem problem) {
        AuditedRequest.current()
                .ifPresent(request -> request.refused(problem.code().number()));
        return Response.status(problem.code().status())
                .entity(Buffer.buffer(Outcomes.json(problem)))
                .type(FhirJson.MEDIA_TYPE + ";charset=UTF-8")
                .build();
    }

    /** The frames of a failure without its text, which may quote a value of a person's data. */
    private static final class StackOnly extends RuntimeException {

        private static final long serialVersionUID = 1;

        StackOnly(Throwable failure) {
            super(failure.getClass().getName(), failure.getCause() == null ? null : new StackOnly(failure.getCause()));
            setStackTrace(failure.getStackTrace());
        }
    }
}
