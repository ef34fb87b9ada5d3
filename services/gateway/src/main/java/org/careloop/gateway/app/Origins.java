package org.careloop.gateway.app;

import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.gateway.GatewayConfig;

/** Which service owns what, and where it listens. */
@Singleton
public class Origins {

    private static final int HTTP = 80;

    private final Map<String, SocketAddress> byService;
    private final Map<String, String> ownerOfType;

    Origins(GatewayConfig config) {
        this.byService = config.services().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> address(entry.getValue().url())));
        this.ownerOfType = config.services().entrySet().stream()
                .flatMap(service -> service.getValue().types().stream().map(type -> Map.entry(type, service.getKey())))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Returns the service that owns {@code type}; empty when nobody does. */
    public Optional<String> ownerOf(String type) {
        return Optional.ofNullable(ownerOfType.get(type));
    }

    /** The names of the services. */
    public Set<String> services() {
        return byService.keySet();
    }

    /** Returns where {@code service}, one of {@link #services}, listens. */
    public SocketAddress addressOf(String service) {
        return byService.get(service);
    }

    private static SocketAddress address(URI url) {
        return SocketAddress.inetSocketAddress(url.getPort() < 0 ? HTTP : url.getPort(), url.getHost());
    }
}
