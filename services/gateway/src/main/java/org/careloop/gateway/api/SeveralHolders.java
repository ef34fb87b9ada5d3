package org.careloop.gateway.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.FindHolder;

/** Interactions with one resource of a type that several services hold: each is sent to where the resource is. */
@Singleton
public class SeveralHolders {

    private final GatewayConfig config;
    private final FindHolder findHolder;
    private final Forwarding forwarding;

    SeveralHolders(GatewayConfig config, FindHolder findHolder, Forwarding forwarding) {
        this.config = config;
        this.findHolder = findHolder;
        this.forwarding = forwarding;
    }

    /** Sends the request, which is paused, to the holder of {@code type/id}, or to where a new one is to live. */
    void send(RoutingContext context, String type, Optional<String> id) {
        HttpMethod method = context.request().method();
        FindHolder.requireNoCriteria(type, id, method, context.request().headers());
        Optional<ResourceKey> key = id.filter(name -> !name.startsWith("$") && !name.startsWith("_"))
                .map(name -> ResourceKey.of(type, name));
        Uni<Optional<String>> found = key.map(
                        known -> findHolder.of(known, context.request().headers()))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
        Uni<Buffer> body = Forwarding.WITH_BODY.contains(method)
                ? RequestBodies.read(context, config.maxBodySize())
                : Uni.createFrom().item(Buffer.buffer());
        boolean mayBeNew = method.equals(HttpMethod.POST) && id.isEmpty() || method.equals(HttpMethod.PUT);
        body.chain(read -> found.map(holder -> {
                    String service = holder.orElseGet(
                            () -> mayBeNew ? findHolder.besideTarget(type, read) : findHolder.any(type));
                    return new Destination(service, read);
                }))
                .subscribe()
                .with(
                        to -> {
                            if (Forwarding.WITH_BODY.contains(method)) {
                                forwarding.send(context, to.service(), to.body());
                            } else {
                                forwarding.send(context, to.service());
                            }
                        },
                        failure -> Answers.send(context, failure));
    }

    private record Destination(String service, Buffer body) {}
}
