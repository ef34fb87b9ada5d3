package org.careloop.gateway.api;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.RunBundle;

/** Bundles at the base URL. */
@Singleton
public class Bundles {

    private final GatewayConfig config;
    private final RunBundle runBundle;

    Bundles(GatewayConfig config, RunBundle runBundle) {
        this.config = config;
        this.runBundle = runBundle;
    }

    /** Runs the transaction or batch that is the body of the request, which is paused. */
    void run(RoutingContext context) {
        RequestBodies.read(context, config.maxBodySize())
                .chain(body -> runBundle.handle(body, context.request().headers()))
                .subscribe()
                .with(done -> Answers.json(context, done), failure -> Answers.send(context, failure));
    }
}
