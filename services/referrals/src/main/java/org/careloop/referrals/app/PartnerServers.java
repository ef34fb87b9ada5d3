package org.careloop.referrals.app;

import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.OidcClients;
import io.quarkus.oidc.client.runtime.TokensHelper;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.careloop.referrals.ReferralsConfig;
import org.hl7.fhir.r4.model.Endpoint;

/**
 * The servers of agencies that the settings name. Only these are called: who writes the directory does not decide where this service
 * sends health data, or what it can reach.
 */
@Singleton
class PartnerServers {

    private record Known(PartnerServer server, Set<String> organizations) {}

    private final Map<String, Known> byAddress;

    PartnerServers(ReferralsConfig config, Vertx vertx, OidcClients clients) {
        WebClient client = WebClient.create(
                vertx, new WebClientOptions().setKeepAlive(true).setFollowRedirects(false));
        this.byAddress = config.direct().servers().values().stream()
                .map(server -> new Known(
                        new PartnerServer(
                                withoutSlash(server.url()),
                                client::requestAbs,
                                server.oidcClient()
                                        .map(name -> tokens(clients.getClient(name)))
                                        .orElse(() -> Uni.createFrom().item(Optional.empty())),
                                config.direct().timeout(),
                                config.direct().maxAnswer()),
                        server.organizations()))
                .collect(Collectors.toUnmodifiableMap(known -> known.server().base(), known -> known));
    }

    /** Returns the server that {@code endpoint} names; empty where the settings do not name it as its organisation's. */
    Optional<PartnerServer> of(Endpoint endpoint) {
        String organization =
                endpoint.getManagingOrganization().getReferenceElement().getIdPart();
        return Optional.ofNullable(endpoint.getAddress())
                .map(address -> byAddress.get(withoutSlash(address)))
                .filter(known -> known.organizations().contains(organization))
                .map(Known::server);
    }

    /** Whether there are any. */
    boolean isEmpty() {
        return byAddress.isEmpty();
    }

    private static Supplier<Uni<Optional<String>>> tokens(OidcClient client) {
        TokensHelper tokens = new TokensHelper();
        return () -> tokens.getTokens(client).map(token -> Optional.of(token.getAccessToken()));
    }

    private static String withoutSlash(String address) {
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }
}
