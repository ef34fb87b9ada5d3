package org.careloop.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway sends a type to the service that stores it: two files have to say the same. */
class OwnedTypesTest {

    @ParameterizedTest
    @ValueSource(strings = {"patients", "care-plans", "referrals", "transitions"})
    void sendsTypesToServiceThatStoresThem(String service) throws IOException {
        // When
        Set<String> sent = types("gateway", "careloop.gateway.services." + service + ".types");
        // Then
        assertThat(sent).isNotEmpty().isEqualTo(types(service, "careloop.store.types"));
    }

    private static Set<String> types(String module, String key) throws IOException {
        Path file = Path.of(System.getProperty("careloop.root", "../.."), "services", module)
                .resolve("src/main/resources/application.properties");
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return Set.of(properties.getProperty(key).split(","));
    }
}
