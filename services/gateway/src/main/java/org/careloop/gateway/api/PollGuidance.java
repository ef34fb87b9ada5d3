package org.careloop.gateway.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.careloop.gateway.GatewayConfig;

/**
 * Tells who polls Tasks when to come again ({@code Retry-After}): the pause of the settings, times how often the requests under way
 * would fill the connections to a service. Agencies poll by clocks of their own; those that heed this leave room when it is scarce.
 */
@Singleton
public class PollGuidance {

    private static final String POLLED = "/fhir/Task";

    private final long pause;
    private final int room;
    private final AtomicInteger underWay = new AtomicInteger();

    PollGuidance(GatewayConfig config) {
        this.pause = Math.max(1, config.pollInterval().toSeconds());
        this.room = config.connectionsPerService();
    }

    /** Counts the request until it is answered. */
    void begin(RoutingContext context) {
        underWay.incrementAndGet();
        context.addEndHandler(done -> underWay.decrementAndGet());
    }

    /** Adds to an answer that is about to leave when to ask again, if it is one to a poll. */
    void advise(RoutingContext context) {
        int status = context.response().getStatusCode();
        if (context.request().method() == HttpMethod.GET
                && (status == 200 || status == 304)
                && POLLED.equals(context.request().path())) {
            context.response().putHeader("Retry-After", Long.toString(seconds(pause, room, underWay.get())));
        }
    }

    /** Returns the seconds to wait while so many requests are under way and {@code room} find a connection at once. */
    static long seconds(long pause, int room, int requests) {
        return pause * (1 + requests / room);
    }
}
