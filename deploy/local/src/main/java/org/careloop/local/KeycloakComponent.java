package org.careloop.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.careloop.parts.KeycloakPart;
import org.careloop.parts.Lifetime;
import org.careloop.parts.StopSignal;

/** Keycloak with the realm careloop. */
record KeycloakComponent(Layout layout, Ports portNumbers) implements Component {

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
    public Set<String> needs() {
        return Set.of();
    }

    @Override
    public boolean isPart() {
        return true;
    }

    @Override
    public String marker() {
        return "-Dkc.home.dir=" + folder().resolve("home");
    }

    @Override
    public StopSignal stopSignal() {
        return StopSignal.TERM;
    }

    @Override
    public Path log() {
        return folder().resolve("keycloak.log");
    }

    @Override
    public void requireBuilt() {
        // Its absence is told by the part itself, which knows what it needs.
    }

    @Override
    public boolean isOutdated(ProcessHandle process) {
        return Freshness.isNewer(layout.realmFile(), process);
    }

    @Override
    public Launched launch() {
        KeycloakPart part =
                KeycloakPart.launch(folder(), portNumbers.keycloak(), layout.realmFile(), Lifetime.DETACHED);
        return new Launched() {
            @Override
            public ProcessHandle process() {
                return part.process();
            }

            @Override
            public void awaitReady(Duration limit) {
                part.awaitReady(limit);
            }
        };
    }

    @Override
    public boolean isWell() {
        return Http.answersOk("http://127.0.0.1:" + portNumbers.keycloak() + "/health/ready");
    }

    private Path folder() {
        return layout.data().resolve(NAME);
    }
}
