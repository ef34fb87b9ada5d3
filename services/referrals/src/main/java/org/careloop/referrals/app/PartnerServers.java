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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.careloop.referrals.ReferralsConfig;

/**
 * The servers of agencies that the settings name. Only these are called: who writes the directory does not decide where this service
 * sends health data, or what it can reach.
 */
@Singleton
class PartnerServers {

    private final Map<String, PartnerServer> byAddress;

    PartnerServers(ReferralsConfig config, Vertx vertx, OidcClients clients) {
        WebClient client = WebClient.create(
                vertx, new WebClientOptions().setKeepAlive(true).setFollowRedirects(false));
        this.byAddress = config.direct().servers().values().stream()
                .map(server -> new PartnerServer(
                        withoutSlash(server.url()),
                        client::requestAbs,
                        server.oidcClient()
                                .map(name -> tokens(clients.getClient(name)))
                                .orElse(() -> Uni.createFrom().item(Optional.empty())),
                        config.direct().timeout(),
                        config.direct().maxAnswer()))
                .collect(Collectors.toUnmodifiableMap(PartnerServer::base, server -> server));
    }

    /** Returns the server at {@code address}; empty where the settings name none. */
    Optional<PartnerServer> at(String address) {
        return Optional.ofNullable(byAddress.get(withoutSlash(address)));
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
