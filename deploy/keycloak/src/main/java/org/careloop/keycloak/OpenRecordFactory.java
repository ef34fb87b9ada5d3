package org.careloop.keycloak;

import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Makes {@link OpenRecord} known to Keycloak, which loads it by {@code META-INF/services}. */
public final class OpenRecordFactory implements RequiredActionFactory {

    /** As the services are told. */
    private final String fhirServer =
            Optional.ofNullable(System.getenv("CARELOOP_FHIR_BASE_URL")).orElse("http://localhost:8080/fhir");

    @Override
    public RequiredActionProvider create(KeycloakSession session) {
        return new OpenRecord(fhirServer);
    }

    @Override
    public String getId() {
        return OpenRecord.ID;
    }

    @Override
    public String getDisplayText() {
        return "Open a record";
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
