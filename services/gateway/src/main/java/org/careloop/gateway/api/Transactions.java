package org.careloop.gateway.api;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.careloop.gateway.GatewayConfig;
import org.careloop.gateway.app.TransactAcross;

/** Bundles at the base URL. */
@Singleton
public class Transactions {

    private final GatewayConfig config;
    private final TransactAcross transactAcross;

    Transactions(GatewayConfig config, TransactAcross transactAcross) {
        this.config = config;
        this.transactAcross = transactAcross;
    }

    /** Runs the transaction that is the body of the request, which is paused. */
    void run(RoutingContext context) {
        RequestBodies.read(context, config.maxBodySize())
                .chain(body -> transactAcross.handle(body, context.request().headers()))
                .subscribe()
                .with(done -> Answers.json(context, done), failure -> Answers.send(context, failure));
    }
}
