package org.careloop.keycloak;

import org.keycloak.Config;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;

/**
 * Has {@link PublicSecrets} looked for at each start, after realms were imported; what it throws ends the start. Keycloak loads it by
 * {@code META-INF/services}. Of logins and the like it listens to nothing.
 */
public final class PublicSecretsFactory implements EventListenerProviderFactory {

    private static final EventListenerProvider DEAF = new EventListenerProvider() {
        @Override
        public void onEvent(Event event) {
            // Not what it is for.
        }

        @Override
        public void onEvent(AdminEvent event, boolean withRepresentation) {
            // Not what it is for.
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    };

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return DEAF;
    }

    @Override
    public String getId() {
        return "careloop-public-secrets";
    }

    @Override
    public void init(Config.Scope config) {
        // Nothing to set.
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                KeycloakModelUtils.runJobInTransaction(
                        factory, session -> PublicSecrets.refuse(session, System.getenv()));
            }
        });
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
