package org.careloop.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Settings of the gateway. */
@ConfigMapping(prefix = "careloop.gateway")
public interface GatewayConfig {

    /** The services behind the gateway, by name. */
    Map<String, Service> services();

    /** Largest request body in bytes; a larger one is answered with 413. */
    @WithDefault("10485760")
    long maxBodySize();

    /** Time after which a service that does not answer is given up on; the client gets 503. */
    @WithDefault("30s")
    Duration timeout();

    /** Connections to each service. */
    @WithDefault("64")
    int connectionsPerService();

    /** How long a merged capability statement is served before it is made anew. */
    @WithDefault("30s")
    Duration capabilityAge();

    /** One service. */
    interface Service {

        /** Where it listens. */
        URI url();

        /** The FHIR types that it owns. */
        Set<String> types();
    }
}
