package org.careloop.gateway.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.careloop.fhirmodel.EscapedUri;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirXml;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.AnswerWhole;
import org.careloop.gateway.app.RunBundle;
import org.careloop.gateway.app.WholeAnswer;
import org.careloop.gateway.app.WholeRequest;

/**
 * Answers requests that cannot be streamed, so that their bodies and answers are held whole: those in another format than
 * services speak, Bundles, and what is put together out of several services.
 */
@Singleton
public class HeldWhole {

    private static final List<String> TOLD =
            List.of("ETag", "Last-Modified", "Location", "Retry-After", "WWW-Authenticate");
    private static final String BASE = "/fhir";

    private final Vertx vertx;
    private final GatewayConfig config;
    private final AnswerWhole answerWhole;
    private final RunBundle runBundle;

    HeldWhole(Vertx vertx, GatewayConfig config, AnswerWhole answerWhole, RunBundle runBundle) {
        this.vertx = vertx;
        this.config = config;
        this.answerWhole = answerWhole;
        this.runBundle = runBundle;
    }

    /** Tells whether this request cannot be streamed because of its format. */
    static boolean isNeeded(RoutingContext context) {
        return !Answers.format(context).equals(Format.COMPACT_JSON) || Format.sendsXml(context.request());
    }

    /** Answers the request, which is paused and admitted. */
    void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        Uni<Buffer> body = Forwarding.WITH_BODY.contains(request.method())
                ? RequestBodies.read(context, config.maxBodySize())
                : Uni.createFrom().item(Buffer.buffer());
        answer(context, body);
    }

    /** As {@link #handle(RoutingContext)}, with the body that was read already. */
    void handle(RoutingContext context, Buffer body) {
        answer(context, Uni.createFrom().item(body));
    }

    private void answer(RoutingContext context, Uni<Buffer> body) {
        HttpServerRequest request = context.request();
        body.chain(read -> Format.sendsXml(request)
                        ? offLoop(() -> fromXml(read))
                        : Uni.createFrom().item(read))
                .chain(read -> answer(request, read))
                .chain(answer -> render(Answers.format(context), answer))
                .subscribe()
                .with(answer -> send(context, answer), failure -> Answers.send(context, failure));
    }

    private Uni<WholeAnswer> answer(HttpServerRequest request, Buffer body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
        if (Format.sendsXml(request)) {
            headers.set("Content-Type", FhirJson.MEDIA_TYPE);
        }
        if (request.method().equals(HttpMethod.POST)
                && (request.path().equals("/fhir") || request.path().equals("/fhir/"))) {
            return runBundle.handle(body, headers).map(WholeAnswer::ok);
        }
        return answerWhole.handle(new WholeRequest(
                request.method(),
                target(request),
                headers,
                Forwarding.WITH_BODY.contains(request.method()) ? Optional.of(body) : Optional.empty()));
    }

    /** What follows the base URL, with or without a slash between. */
    private static String target(HttpServerRequest request) {
        String rest = EscapedUri.of(request.uri()).substring(BASE.length());
        return rest.startsWith("/") ? rest.substring(1) : rest;
    }

    private static Buffer fromXml(Buffer xml) {
        return Buffer.buffer(FhirJson.write(FhirXml.parse(xml.getBytes())));
    }

    private Uni<WholeAnswer> render(Format format, WholeAnswer answer) {
        return format.equals(Format.COMPACT_JSON)
                ? Uni.createFrom().item(answer)
                : offLoop(() -> new WholeAnswer(answer.status(), answer.headers(), format.render(answer.body())));
    }

    private static void send(RoutingContext context, WholeAnswer answer) {
        Answers.letGo(context);
        context.response().setStatusCode(answer.status());
        TOLD.stream()
                .filter(answer.headers()::contains)
                .forEach(name ->
                        context.response().putHeader(name, answer.headers().get(name)));
        if (answer.body().length() > 0) {
            context.response().putHeader("Content-Type", Answers.format(context).contentType());
        }
        context.response().end(answer.body());
    }

    private <T> Uni<T> offLoop(Callable<T> work) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(work, false).toCompletionStage());
    }
}
