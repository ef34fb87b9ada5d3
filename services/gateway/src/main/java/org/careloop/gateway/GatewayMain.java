package org.careloop.gateway;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the gateway. */
@QuarkusMain
public final class GatewayMain {

    private GatewayMain() {}

    /**
     * Quarkus answers a URL that {@link java.net.URI} does not read with an empty 400 before any route sees it, and clients
     * send FHIR's own {@code |} as it is. What comes is escaped by {@link org.careloop.fhirmodel.EscapedUri} instead.
     */
    public static void main(String... arguments) {
        System.setProperty("vertx.disableURIValidation", "true");
        Quarkus.run(arguments);
    }
}
