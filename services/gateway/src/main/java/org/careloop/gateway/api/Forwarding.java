package org.careloop.gateway.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.RoutingContext;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.Outcomes;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.Origins;

/** Streams a request to a service and its answer back; bodies pass through as they come. */
@Singleton
public class Forwarding {

    private final Map<String, HttpProxy> proxies;

    Forwarding(Vertx vertx, GatewayConfig config, Origins origins) {
        HttpClient client = vertx.createHttpClient(
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
        proxies.get(service).handle(context.request());
    }

    /** A service does not know the name by which the gateway tells services apart. */
    private static final class OwnPath implements ProxyInterceptor {

        private static final Pattern NAMED = Pattern.compile("^/operations/[a-z-]+/");

        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            String uri = context.request().getURI();
            context.request().setURI(NAMED.matcher(uri).replaceFirst("/operations/"));
            return context.sendRequest();
        }
    }

    /** Tells the client that a service cannot be reached, instead of an empty 502. */
    private static final class Unreachable implements ProxyInterceptor {

        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            return context.sendRequest().recover(failure -> Future.succeededFuture(answer(context)));
        }

        private static ProxyResponse answer(ProxyContext context) {
            FhirProblem problem =
                    new FhirProblem(ProblemCode.UNAVAILABLE, "service: cannot be reached now (expected: retry)");
            ProxyResponse response = context.request()
                    .release()
                    .response()
                    .setStatusCode(problem.code().status());
            response.headers().set("Content-Type", Answers.MEDIA_TYPE).set("Retry-After", Answers.RETRY_SECONDS);
            return response.setBody(Body.body(Buffer.buffer(Outcomes.json(problem))));
        }
    }
}
