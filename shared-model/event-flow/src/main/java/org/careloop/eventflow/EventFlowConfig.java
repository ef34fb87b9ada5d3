package org.careloop.eventflow;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the event flow of a service. */
@ConfigMapping(prefix = "careloop.events")
public interface EventFlowConfig {

    /** The name under which this service tells and consumes events. */
    String service();

    /** Longest time until the relay looks for waiting events when nobody hints at them. */
    @WithDefault("250ms")
    Duration pollInterval();

    /** Most events that the relay sends before it forgets them. */
    @WithDefault("500")
    int batchSize();

    /**
     * Shortest time between two looks of the relay, and of the consumer: one event is told at once, of many those of this time
     * travel together.
     */
    @WithDefault("50ms")
    Duration spacing();

    /** Most events that take effect in one transaction. */
    @WithDefault("100")
    int together();

    /** Time between two attempts to become the relay of this database, or to handle an event again. */
    @WithDefault("1s")
    Duration retryDelay();

    /** How often an event that fails for no passing reason is tried before it becomes a dead letter. */
    @WithDefault("3")
    int attempts();

    /** Partitions of each topic of this service when it is first made. */
    @WithDefault("6")
    int partitions();

    /** Copies of each topic of this service when it is first made. */
    @WithDefault("1")
    short replicas();

    /** How long what is only needed for a time is kept. */
    Retention retention();

    /** Times after which the broker and this service's database forget. */
    interface Retention {

        /** How long the broker keeps what this service tells; set it alike in all services. */
        @WithDefault("30d")
        Duration topics();

        /** How long the broker keeps this service's dead letters, also those that nobody replayed. */
        @WithDefault("180d")
        Duration deadLetters();

        /** How long the ids of events are kept that took effect; longer than the broker can repeat any of them. */
        @WithDefault("200d")
        Duration inbox();

        /** Pause between two looks for what was kept long enough. */
        @WithDefault("1h")
        Duration interval();

        /** Most rows that one transaction removes, so that it ends soon. */
        @WithDefault("1000")
        int batchSize();
    }
}
