package org.careloop.fhirsearch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Stream;

/** The FHIR types that the platform's services own, as the gateway's settings list them. */
final class OwnedTypes {

    private OwnedTypes() {}

    static Stream<String> all() {
        Path settings = Path.of(
                System.getProperty("careloop.root", "../.."),
                "services/gateway/src/main/resources/application.properties");
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(settings)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.stringPropertyNames().stream()
                .filter(name -> name.matches("careloop\\.gateway\\.services\\.[a-z-]+\\.types"))
                .flatMap(name -> Arrays.stream(properties.getProperty(name).split(",")))
                .map(String::strip)
                .sorted();
    }
}
