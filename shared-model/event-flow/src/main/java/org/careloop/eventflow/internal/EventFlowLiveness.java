package org.careloop.eventflow.internal;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Says that an instance has to be started anew when one of its threads has ended: its events would wait for ever. */
@Liveness
@Singleton
public class EventFlowLiveness implements HealthCheck {

    private final OutboxRelay relay;
    private final EventConsumer consumer;

    EventFlowLiveness(OutboxRelay relay, EventConsumer consumer) {
        this.relay = relay;
        this.consumer = consumer;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("event flow")
                .withData("relay", relay.isAlive())
                .withData("consumer", consumer.isAlive())
                .status(relay.isAlive() && consumer.isAlive())
                .build();
    }
}
