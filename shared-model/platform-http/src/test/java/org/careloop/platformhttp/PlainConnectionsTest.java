package org.careloop.platformhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlainConnectionsTest {

    @Test
    void areNamedEach() {
        assertThat(plain(Map.of(
                        "careloop.oidc.url", "http://keycloak:8080/realms/careloop",
                        "careloop.federation.services.care-plans", "http://care-plans:8082",
                        "careloop.gateway.services.patients.url", "http://patients:8081",
                        "kafka.security.protocol", "PLAINTEXT",
                        "quarkus.datasource.jdbc.url", "jdbc:postgresql://postgres/patients?sslmode=require",
                        "quarkus.datasource.reactive.url", "vertx-reactive:postgresql://postgres/patients",
                        "quarkus.http.insecure-requests", "enabled")))
                .containsExactly(
                        "careloop.federation.services.care-plans",
                        "careloop.gateway.services.patients.url",
                        "careloop.oidc.url",
                        "kafka.security.protocol",
                        "quarkus.datasource.jdbc.url",
                        "quarkus.datasource.reactive.url",
                        "quarkus.http.insecure-requests");
    }

    @Test
    void areNoneWhereEachUsesTls() {
        assertThat(plain(Map.of(
                        "careloop.oidc.url", "https://keycloak:8443/realms/careloop",
                        "careloop.federation.services.patients", "https://patients:8081",
                        "careloop.gateway.services.patients.types", "Patient",
                        "kafka.security.protocol", "SSL",
                        "quarkus.datasource.jdbc.url", "jdbc:postgresql://postgres/patients?sslmode=verify-full",
                        "quarkus.http.insecure-requests", "disabled")))
                .isEmpty();
    }

    private static List<String> plain(Map<String, String> settings) {
        return PlainConnections.plain(settings.keySet().stream(), name -> Optional.ofNullable(settings.get(name)));
    }
}
