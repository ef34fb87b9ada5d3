package org.careloop.local;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Careloop's own services, with the ports that they have on a machine that runs one platform. */
enum Service {
    PATIENTS(8081),
    CARE_PLANS(8082),
    REFERRALS(8083),
    TRANSITIONS(8084),
    GATEWAY(8080);

    private final int port;

    Service(int port) {
        this.port = port;
    }

    static List<Service> all() {
        return Arrays.asList(values());
    }

    /** As in folders and clients: {@code care-plans}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The database and its user, {@code care_plans}; the gateway keeps no state. */
    Optional<String> database() {
        return this == GATEWAY ? Optional.empty() : Optional.of(name().toLowerCase(Locale.ROOT));
    }

    /** Its client in the realm. */
    String client() {
        return "careloop-" + id();
    }

    int port() {
        return port;
    }
}
