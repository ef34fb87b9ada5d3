package org.careloop.gateway.api;

import static org.careloop.gateway.GatewayLog.LOG;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.careloop.fhirmodel.EscapedUri;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.Origins;
import org.careloop.platformhttp.PlatformHttp;

/**
 * Sends a request to a service and its answer back. A body is read whole before: a service then knows its length whatever
 * protocol the client speaks, and no slow client holds a connection to it. Large answers pass through as they come.
 */
@Singleton
public class Forwarding {

    static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    /** They speak of one connection, not of the message, so they are not passed on. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** A service does not know the name by which the gateway tells services apart. */
    private static final Pattern NAMED = Pattern.compile("^/operations/[a-z-]+/");

    /** Up to this length an answer leaves in one piece. */
    private static final long ONE_PIECE = 256 * 1024;

    private final HttpClient client;
    private final Origins origins;
    private final GatewayConfig config;
    private final PollGuidance pollGuidance;

    Forwarding(PlatformHttp http, GatewayConfig config, Origins origins, PollGuidance pollGuidance) {
        this.pollGuidance = pollGuidance;
        this.origins = origins;
        this.config = config;
        this.client = http.client(
                new HttpClientOptions()
                        .setConnectTimeout((int) config.timeout().toMillis())
                        .setDecompressionSupported(false),
                new PoolOptions().setHttp1MaxSize(config.connectionsPerService()));
    }

    /** Sends the request, which is paused, to {@code service}, one of the configured ones. */
    void send(RoutingContext context, String service) {
        if (WITH_BODY.contains(context.request().method())) {
            RequestBodies.read(context, config.maxBodySize())
                    .subscribe()
                    .with(body -> send(context, service, body), failure -> Answers.send(context, failure));
        } else {
            context.request().resume();
            send(context, service, Optional.empty());
        }
    }

    /** As {@link #send(RoutingContext, String)}, with the body that was read already. */
    void send(RoutingContext context, String service, Buffer body) {
        send(context, service, Optional.of(body));
    }

    private void send(RoutingContext context, String service, Optional<Buffer> body) {
        MultiMap headers = HttpHeaders.headers().addAll(context.request().headers());
        headers.remove(HttpHeaders.CONTENT_LENGTH);
        OF_THE_CONNECTION.forEach(headers::remove);
        String uri = context.request().uri();
        RequestOptions options = origins.requestTo(service)
                .setMethod(context.request().method())
                // Of the request, not of the connection: that one may be idle for long before it is used again.
                .setIdleTimeout(config.timeout().toMillis())
                .setURI(EscapedUri.of(
                        uri.startsWith("/operations/") ? NAMED.matcher(uri).replaceFirst("/operations/") : uri))
                .setHeaders(headers);
        pollGuidance.begin(context);
        client.request(options)
                .compose(request -> body.isPresent() ? request.send(body.get()) : request.send())
                .compose(answer -> passOn(answer, context))
                .onFailure(failure -> {
                    LOG.noAnswer(
                            service,
                            context.request().method().name(),
                            failure.getClass().getName());
                    fail(context);
                });
    }

    private Future<Void> passOn(HttpClientResponse answer, RoutingContext context) {
        HttpServerResponse response = context.response();
        long length = lengthOf(answer);
        if (length >= 0 && length <= ONE_PIECE || context.request().method() == HttpMethod.HEAD) {
            return answer.body().compose(content -> {
                copyHead(answer, context);
                return content.length() == 0 ? response.end() : response.end(content);
            });
        }
        copyHead(answer, context);
        response.setChunked(length < 0);
        return answer.pipeTo(response);
    }

    private void copyHead(HttpClientResponse answer, RoutingContext context) {
        HttpServerResponse response = context.response();
        response.setStatusCode(answer.statusCode());
        response.headers().addAll(answer.headers());
        OF_THE_CONNECTION.forEach(response.headers()::remove);
        pollGuidance.advise(context);
    }

    /** Returns -1 when the service did not tell; an answer that has no body has the length 0. */
    private static long lengthOf(HttpClientResponse answer) {
        String length = answer.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return Long.parseLong(length);
        }
        return answer.statusCode() == 204 || answer.statusCode() == 304 ? 0 : -1;
    }

    /** What is cut off in the middle must not look complete. */
    private static void fail(RoutingContext context) {
        if (context.response().headWritten()) {
            context.response().reset();
        } else {
            context.response().headers().remove(HttpHeaders.CONTENT_LENGTH).remove(HttpHeaders.CONTENT_ENCODING);
            Answers.send(
                    context,
                    new FhirProblem(ProblemCode.UNAVAILABLE, "service: cannot be reached now (expected: retry)"));
        }
    }
}
