package org.careloop.gateway.api;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import org.careloop.calleraccess.RefusalReport.Claims;
import org.careloop.calleraccess.RefusalReport.Origin;
import org.careloop.calleraccess.RefusalReport.Refusal;
import org.careloop.fhirmodel.FhirHeaders;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.Outcomes;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.app.Refusals;
import org.careloop.gateway.app.ServiceCalls;

/** What the gateway answers by itself. */
final class Answers {

    static final String MEDIA_TYPE = FhirJson.MEDIA_TYPE + ";charset=UTF-8";
    static final String RETRY_SECONDS = "2";
    private static final String FORMAT = Format.class.getName();
    private static final String REFUSALS = Refusals.class.getName();
    private static final String CLAIMS = Claims.class.getName();
    private static final int FAULT = 500;
    private static final long LINGER_MILLIS = 2_000;

    /** Of HTTP/2: all is well, but no more is to be sent. */
    private static final long NO_ERROR = 0;

    private Answers() {}

    /** Keeps where refusals are recorded before they leave. */
    static void setRefusals(RoutingContext context, Refusals refusals) {
        context.put(REFUSALS, refusals);
    }

    /** Keeps whom the verified token names. */
    static void setClaims(RoutingContext context, Claims claims) {
        context.put(CLAIMS, claims);
    }

    /** Keeps how the client wants to be answered. */
    static void setFormat(RoutingContext context, Format format) {
        context.put(FORMAT, format);
    }

    /** How the client wants to be answered; compact JSON until that is known. */
    static Format format(RoutingContext context) {
        return context.get(FORMAT) instanceof Format format ? format : Format.COMPACT_JSON;
    }

    static void json(RoutingContext context, Buffer body) {
        context.response().putHeader("Content-Type", format(context).contentType());
        end(context, body);
    }

    /** Another format than that of services is made on a worker: it may take longer than the event loop can wait. */
    private static void end(RoutingContext context, Buffer body) {
        letGo(context);
        Format format = format(context);
        if (format.equals(Format.COMPACT_JSON)) {
            context.response().end(body);
        } else {
            context.vertx()
                    .executeBlocking(() -> format.render(body), false)
                    .onComplete(
                            context.response()::end,
                            failure -> context.response().reset());
        }
    }

    /** Ends the request with the outcome that tells {@code failure}, unless it has ended. */
    static void send(RoutingContext context, Throwable failure) {
        if (context.response().ended()) {
            return;
        }
        if (failure instanceof ServiceCalls.Refused refused) {
            context.response().setStatusCode(refused.answer().status());
            json(context, refused.answer().body());
            return;
        }
        FhirProblem problem = problem(failure);
        if (problem.code().status() < FAULT && context.get(REFUSALS) instanceof Refusals refusals) {
            refusals.tell(refusal(context, problem))
                    .subscribe()
                    .with(kept -> answer(context, problem), notKept -> answer(context, problem(notKept)));
        } else {
            answer(context, problem);
        }
    }

    private static Refusal refusal(RoutingContext context, FhirProblem problem) {
        HttpServerRequest request = context.request();
        return new Refusal(
                request.method().name(),
                request.path(),
                problem.code().status(),
                problem.code().number(),
                1,
                new Origin(
                        request.remoteAddress().hostAddress(),
                        request.getHeader(FhirHeaders.CORRELATION_ID),
                        request.query()),
                context.get(CLAIMS) instanceof Claims claims ? claims : null);
    }

    private static void answer(RoutingContext context, FhirProblem problem) {
        if (context.response().ended()) {
            return;
        }
        HttpServerResponse response = context.response()
                .setStatusCode(problem.code().status())
                .putHeader("Content-Type", format(context).contentType());
        switch (problem.code()) {
            case UNAUTHENTICATED -> response.putHeader("WWW-Authenticate", "Bearer");
            case UNAVAILABLE -> response.putHeader("Retry-After", RETRY_SECONDS);
            case BODY_TOO_LARGE -> stopReading(context);
            default -> {}
        }
        end(context, Buffer.buffer(Outcomes.json(problem)));
    }

    /**
     * What is left of the body is not wanted, so neither is the connection. It is closed a little later: a client that is still
     * sending would otherwise find it reset, and not see the answer.
     */
    private static void stopReading(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2) {
            // Others use the connection as well.
            context.response().endHandler(ended -> context.vertx().setTimer(LINGER_MILLIS, late -> reset(context)));
            return;
        }
        context.response().putHeader("Connection", "close").endHandler(ended -> {
            HttpConnection connection = request.connection();
            if (request.isEnded()) {
                connection.close();
            } else {
                request.handler(dropped -> {});
                request.endHandler(end -> connection.close());
                context.vertx().setTimer(LINGER_MILLIS, late -> connection.close());
            }
        });
    }

    private static void reset(RoutingContext context) {
        if (!context.request().isEnded()) {
            context.response().reset(NO_ERROR);
        }
    }

    /** What is left of a paused request is read and dropped, so that the connection can go on. */
    static void letGo(RoutingContext context) {
        if (!context.request().isEnded()) {
            context.request().resume();
        }
    }

    private static FhirProblem problem(Throwable failure) {
        return switch (failure) {
            case FhirProblem problem -> problem;
            case AuthenticationFailedException e ->
                new FhirProblem(
                        ProblemCode.UNAUTHENTICATED,
                        "Authorization: token not valid (expected: a current access token of this platform)");
            case UnauthorizedException e ->
                new FhirProblem(ProblemCode.UNAUTHENTICATED, "Authorization: missing (expected: Bearer access token)");
            default -> new FhirProblem(ProblemCode.INTERNAL, "internal fault");
        };
    }
}
