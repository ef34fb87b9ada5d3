package org.careloop.platformhttp;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/**
 * In the profile {@code tls} nothing travels in plain: a part that would call, or be called, without TLS does not start. One
 * address left at {@code http:} would be found by nobody, because everything works.
 */
@Singleton
class PlainConnections {

    /** Addresses of other parts. */
    private static final Pattern ADDRESS = Pattern.compile(
            "careloop\\.oidc\\.url|careloop\\.federation\\.services\\.[a-z-]+|careloop\\.gateway\\.services\\.[a-z-]+\\.url");

    /** What a setting must hold where it is set. */
    private static final Map<String, String> SECURE = Map.of(
            "quarkus.http.insecure-requests", "disabled",
            "kafka.security.protocol", "SSL",
            "quarkus.datasource.jdbc.url", "sslmode=verify-full",
            "quarkus.datasource.reactive.url", "sslmode=verify-full");

    PlainConnections() {}

    void refuse(@Observes StartupEvent event, TlsConfigurationRegistry registry, Config config) {
        if (registry.get(PlatformHttp.TLS).isEmpty()) {
            return;
        }
        List<String> found = plain(
                StreamSupport.stream(config.getPropertyNames().spliterator(), false),
                name -> config.getOptionalValue(name, String.class));
        if (!found.isEmpty()) {
            throw new IllegalStateException("connections without TLS in the profile tls: " + String.join(", ", found)
                    + " (expected: https:, SSL, sslmode=verify-full, insecure-requests=disabled)");
        }
    }

    /** Returns those of the settings {@code names}, each with its value in {@code settings}, that open a plain connection. */
    static List<String> plain(Stream<String> names, Function<String, Optional<String>> settings) {
        return names.distinct()
                .sorted()
                .filter(name -> settings.apply(name)
                        .filter(value -> isPlain(name, value))
                        .isPresent())
                .toList();
    }

    private static boolean isPlain(String name, String value) {
        return ADDRESS.matcher(name).matches()
                ? !value.startsWith("https:")
                : SECURE.containsKey(name) && !value.contains(SECURE.get(name));
    }
}
