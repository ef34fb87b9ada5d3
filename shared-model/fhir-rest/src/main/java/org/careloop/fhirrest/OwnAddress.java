package org.careloop.fhirrest;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.careloop.fhirsearch.OwnServer;

/** Tells what reads references under which address clients know this server. */
@Singleton
public class OwnAddress {

    private final FhirRestConfig config;

    OwnAddress(FhirRestConfig config) {
        this.config = config;
    }

    /** Before anything is read or indexed. */
    void start(@Observes @Priority(1) StartupEvent event) {
        OwnServer.isAt(config.baseUrl());
    }
}
