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
}
