package org.careloop.keycloak;

import java.time.Instant;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProviderFactory;

/** Makes {@link ClientAssertions} known to Keycloak, which loads it by {@code META-INF/services}. */
public final class ClientAssertionsFactory implements ClientPolicyExecutorProviderFactory {

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new ClientAssertions(session, () -> Instant.now().getEpochSecond());
    }

    @Override
    public String getId() {
        return ClientAssertions.ID;
    }

    @Override
    public String getHelpText() {
        return "Signed assertions of clients as SMART Backend Services demands: RS384 or ES384, kid, at most 5 minutes";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of();
    }

    @Override
    public void init(Config.Scope config) {
        // Nothing to set.
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        // Nothing to do.
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
