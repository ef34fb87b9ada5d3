package org.careloop.calleraccess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicSecretsTest {

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080/fhir", "http://127.0.0.1:18080/fhir", "http://[::1]:8080/fhir"})
    void areFineOnOneMachine(String address) {
        assertThat(misplaced(Map.of("careloop.fhir.base-url", address, "careloop.client.secret", "local-only-x")))
                .isEmpty();
    }

    @Test
    void areRefusedWhereClientsComeFromElsewhere() {
        assertThat(misplaced(Map.of(
                        "careloop.fhir.base-url", "https://fhir.example.org/fhir",
                        "careloop.client.secret", "local-only-careloop-patients",
                        "careloop.page-links.key", "local-only-page-links-of-this-machine",
                        "careloop.database.password", "kept to ourselves")))
                .containsExactly("careloop.client.secret", "careloop.page-links.key");
    }

    @Test
    void areRefusedWhereNothingTellsTheAddress() {
        assertThat(misplaced(Map.of("careloop.database.password", "local-only-patients")))
                .containsExactly("careloop.database.password");
    }

    private static List<String> misplaced(Map<String, String> settings) {
        return PublicSecrets.misplaced(name -> Optional.ofNullable(settings.get(name)));
    }
}
