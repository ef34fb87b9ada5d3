package org.careloop.gateway.app;

import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.careloop.gateway.GatewayConfig;

/** Which service holds what, and where it listens. */
@Singleton
public class Origins {

    /** The service that takes what hospitals tell. */
    public static final String INTAKE = "transitions";

    /** The operation by which they tell it as a FHIR message. */
    static final String PROCESS_MESSAGE = "$process-message";

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Map<String, URI> byService;
    private final Map<String, Set<String>> typesByService;
    private final Map<String, List<String>> holdersByType;
    private final Map<String, String> livesWith;
    private final String terminology;

    Origins(GatewayConfig config) {
        this.byService = config.services().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().url()));
        this.typesByService = config.services().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> Set.copyOf(entry.getValue().types())));
        // Sorted, so that what is merged from several services is merged in the same order every time.
        this.holdersByType = new TreeMap<>(typesByService)
                .entrySet().stream()
                        .flatMap(service -> service.getValue().stream().map(type -> Map.entry(type, service.getKey())))
                        .collect(Collectors.groupingBy(
                                Map.Entry::getKey,
                                Collectors.mapping(Map.Entry::getValue, Collectors.toUnmodifiableList())));
        this.livesWith = Map.copyOf(config.livesWith());
        this.terminology = config.terminology();
    }

    /** Returns the services that hold resources of {@code type}, in a fixed order; empty when none does. */
    public List<String> holdersOf(String type) {
        return holdersByType.getOrDefault(type, List.of());
    }

    /** Returns the one service that holds {@code type}; empty when none does, or several do. */
    public Optional<String> ownerOf(String type) {
        List<String> holders = holdersOf(type);
        return holders.size() == 1 ? Optional.of(holders.getFirst()) : Optional.empty();
    }

    /** The types that some service holds. */
    public Set<String> types() {
        return holdersByType.keySet();
    }

    /** Returns the types that {@code service}, one of {@link #services}, holds. */
    public Set<String> typesOf(String service) {
        return typesByService.get(service);
    }

    /**
     * Returns the element of {@code type}, held by several services, that names the resource beside which one is stored.
     */
    public Optional<String> livesWith(String type) {
        return Optional.ofNullable(livesWith.get(type));
    }

    /** The service that answers the operations of ValueSet and CodeSystem, of which nobody holds resources. */
    public String terminology() {
        return terminology;
    }

    /** The names of the services. */
    public Set<String> services() {
        return byService.keySet();
    }

    /** Returns a request that goes to {@code service}, one of {@link #services}, by TLS where its address says so. */
    public RequestOptions requestTo(String service) {
        URI url = byService.get(service);
        boolean encrypted = url.getScheme().equals("https");
        int usual = encrypted ? HTTPS : HTTP;
        return new RequestOptions()
                .setSsl(encrypted)
                .setHost(url.getHost())
                .setPort(url.getPort() < 0 ? usual : url.getPort());
    }
}
