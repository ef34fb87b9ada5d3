package org.careloop.local;

import java.util.List;
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
        return KeycloakPart.launch(folder(), portNumbers.keycloak(), layout.realmFile(), Lifetime.DETACHED);
    }

    @Override
    public boolean isWell() {
        return Http.answersOk("http://127.0.0.1:" + portNumbers.keycloak() + "/health/ready");
    }
}
