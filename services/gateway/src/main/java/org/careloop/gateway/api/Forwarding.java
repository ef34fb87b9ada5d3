package org.careloop.gateway.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.Outcomes;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.EscapedUri;
import org.careloop.gateway.app.Origins;

/** Streams a request to a service and its answer back; bodies pass through as they come. */
@Singleton
public class Forwarding {

    static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    /** They speak of one connection, not of the message, so they are not passed on. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "content-length",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final Map<String, HttpProxy> proxies;
    private final HttpClient client;
    private final Origins origins;

    Forwarding(Vertx vertx, GatewayConfig config, Origins origins) {
        this.origins = origins;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) config.timeout().toMillis())
                        .setReadIdleTimeout((int) config.timeout().toSeconds())
                        .setDecompressionSupported(false),
                new PoolOptions().setHttp1MaxSize(config.connectionsPerService()));
        this.proxies = origins.services().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        service -> HttpProxy.reverseProxy(client)
                                .origin(origins.addressOf(service))
                                .addInterceptor(new OwnPath())
                                .addInterceptor(new Unreachable())));
    }

    /** Sends the request, which is paused, to {@code service}, one of the configured ones. */
    void send(RoutingContext context, String service) {
        HttpServerRequest request = context.request();
        if (WITH_BODY.contains(request.method()) && !request.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            // HTTP/2 needs neither length nor chunks, the proxied HTTP/1.1 does.
            request.headers().set(HttpHeaders.TRANSFER_ENCODING, HttpHeaders.CHUNKED);
        }
        proxies.get(service).handle(context.request());
    }

    /** As {@link #send(RoutingContext, String)}, with the body that was read already. */
    void send(RoutingContext context, String service, Buffer body) {
        SocketAddress origin = origins.addressOf(service);
        RequestOptions options = new RequestOptions()
                .setMethod(context.request().method())
                .setHost(origin.host())
                .setPort(origin.port())
                .setURI(EscapedUri.of(context.request().uri()));
        context.request().headers().forEach((name, value) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                options.addHeader(name, value);
            }
        });
        client.request(options)
                .compose(request -> request.send(body))
                .compose(answer -> answer.body().map(content -> new Received(answer, content)))
                .onSuccess(received -> {
                    context.response().setStatusCode(received.answer().statusCode());
                    received.answer().headers().forEach((name, value) -> {
                        if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                            context.response().headers().add(name, value);
                        }
                    });
                    context.response().end(received.content());
                })
                .onFailure(failure -> Answers.send(
                        context,
                        new FhirProblem(ProblemCode.UNAVAILABLE, "service: cannot be reached now (expected: retry)")));
    }

    private record Received(HttpClientResponse answer, Buffer content) {}

    private static ProxyResponse unreachable(ProxyRequest request) {
        FhirProblem problem =
                new FhirProblem(ProblemCode.UNAVAILABLE, "service: cannot be reached now (expected: retry)");
        ProxyResponse response =
                request.release().response().setStatusCode(problem.code().status());
        response.headers().set("Content-Type", Answers.MEDIA_TYPE).set("Retry-After", Answers.RETRY_SECONDS);
        return response.setBody(Body.body(Buffer.buffer(Outcomes.json(problem))));
    }

    /** A service knows neither the name by which the gateway tells services apart nor raw characters. */
    private static final class OwnPath implements ProxyInterceptor {

        private static final Pattern NAMED = Pattern.compile("^/operations/[a-z-]+/");

        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            String uri = context.request().getURI();
            context.request().setURI(EscapedUri.of(NAMED.matcher(uri).replaceFirst("/operations/")));
            return context.sendRequest();
        }
    }

    /** Tells the client that a service cannot be reached, instead of an empty 502. */
    private static final class Unreachable implements ProxyInterceptor {

        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            return context.sendRequest().recover(failure -> Future.succeededFuture(unreachable(context.request())));
        }
    }
}
