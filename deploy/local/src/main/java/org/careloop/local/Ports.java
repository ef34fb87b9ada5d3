package org.careloop.local;

/**
 * The ports on 127.0.0.1. {@code offset} is added to each of them, so that two copies of the project can run side by
 * side (environment variable {@code CARELOOP_PORT_OFFSET}).
 */
record Ports(int offset) {

    private static final int POSTGRES = 15_432;
    private static final int KAFKA = 19_092;
    private static final int KEYCLOAK = 8_180;
    private static final int MLLP = 2_575;
    private static final int MANAGEMENT = 900;

    int postgres() {
        return POSTGRES + offset;
    }

    int kafka() {
        return KAFKA + offset;
    }

    /** Kafka's controller listens right after its broker. */
    int kafkaController() {
        return kafka() + 1;
    }

    int keycloak() {
        return KEYCLOAK + offset;
    }

    /** Where transitions takes HL7 v2 messages. */
    int mllp() {
        return MLLP + offset;
    }

    int of(Service service) {
        return service.port() + offset;
    }

    /** Where it tells how it is; not for clients. */
    int management(Service service) {
        return of(service) + MANAGEMENT;
    }

    String url(Service service) {
        return "http://localhost:" + of(service);
    }

    String realmUrl() {
        return "http://localhost:" + keycloak() + "/realms/careloop";
    }
}
