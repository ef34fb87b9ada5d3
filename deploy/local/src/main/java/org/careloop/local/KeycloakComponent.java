package org.careloop.local;

import java.util.List;
import java.util.Map;
import org.careloop.parts.KeycloakPart;
import org.careloop.parts.Lifetime;
import org.careloop.parts.Part;

/** Keycloak with the realm careloop. */
record KeycloakComponent(Layout layout, Ports portNumbers) implements PartComponent {

    static final String NAME = "keycloak";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(portNumbers.keycloak());
    }

    @Override
    public String marker() {
        return "-Dkc.home.dir=" + folder().resolve("home");
    }

    @Override
    public boolean isOutdated(ProcessHandle process) {
        return Freshness.isNewer(layout.realmFile(), process);
    }

    @Override
    public Part launchPart() {
        return KeycloakPart.launch(
                folder(),
                portNumbers.keycloak(),
                layout.realmFile(),
                Map.of("CARELOOP_FHIR_BASE_URL", portNumbers.url(Service.GATEWAY) + "/fhir"),
                Lifetime.DETACHED);
    }

    @Override
    public boolean isWell() {
        return Http.answersOk("http://127.0.0.1:" + portNumbers.keycloak() + "/health/ready");
    }
}
