package org.careloop.gateway.app;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.careloop.fhirsearch.OwnServer;
import org.careloop.gateway.GatewayConfig;

/** Tells what reads references under which address clients know this server. */
@Singleton
class OwnAddress {

    private final GatewayConfig config;

    OwnAddress(GatewayConfig config) {
        this.config = config;
    }

    /** Before the first request. */
    void start(@Observes @Priority(1) StartupEvent event) {
        OwnServer.isAt(config.baseUrl());
    }
}
