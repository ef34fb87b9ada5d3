package org.careloop.local;

import java.util.HashMap;
import java.util.Map;

/** What the services are told by their environment. */
record ServiceEnvironment(Ports ports, Secrets secrets) {

    Map<String, String> of(Service service) {
        Map<String, String> environment = new HashMap<>();
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.of(service)));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(ports.management(service)));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + ports.kafka());
        environment.put("CARELOOP_OIDC_URL", ports.realmUrl());
        environment.put("CARELOOP_CLIENT_SECRET", secrets.ofClient(service.client()));
        environment.put("CARELOOP_PAGE_LINKS_KEY", secrets.ofPageLinks());
        environment.put("CARELOOP_FHIR_BASE_URL", ports.url(Service.GATEWAY) + "/fhir");
        for (Service other : Service.all()) {
            environment.put("CARELOOP_" + other.name() + "_URL", ports.url(other));
        }
        service.database().ifPresent(database -> {
            environment.put("CARELOOP_DATABASE_HOST", "127.0.0.1");
            environment.put("CARELOOP_DATABASE_PORT", Integer.toString(ports.postgres()));
            environment.put("CARELOOP_DATABASE_PASSWORD", secrets.ofDatabase(database));
        });
        if (service == Service.REFERRALS) {
            // The organisation of the demo; elsewhere a site names its own.
            environment.put("CARELOOP_REFERRALS_DIRECTORY_KEEPERS", "riverside-clinic");
        }
        if (service == Service.TRANSITIONS) {
            environment.put("CARELOOP_MLLP_PORT", Integer.toString(ports.mllp()));
            // Here anybody may try the messages of their own systems.
            environment.put("CARELOOP_TRANSITIONS_SENDERS", "ghadt-genhosp,any-sender");
        }
        // Without it glibc keeps a memory pool per thread, some 40 MiB of each service.
        environment.put("MALLOC_ARENA_MAX", "2");
        return environment;
    }
}
