package org.careloop.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.careloop.parts.Lifetime;
import org.careloop.parts.PostgresDatabases;
import org.careloop.parts.PostgresPart;
import org.careloop.parts.StopSignal;

/** PostgreSQL with a database and a user for each service that has one. */
record PostgresComponent(Layout layout, Ports portNumbers, Secrets secrets) implements Component {

    static final String NAME = "postgres";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(portNumbers.postgres());
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
        return "-p " + portNumbers.postgres() + " ";
    }

    @Override
    public StopSignal stopSignal() {
        return StopSignal.INT;
    }

    @Override
    public Path log() {
        return folder().resolve("postgres.log");
    }

    @Override
    public void requireBuilt() {
        // Its absence is told by the part itself, which knows what it needs.
    }

    @Override
    public Launched launch() {
        PostgresPart part = PostgresPart.launch(folder(), portNumbers.postgres(), Lifetime.DETACHED);
        return new Launched() {
            @Override
            public ProcessHandle process() {
                return part.process();
            }

            @Override
            public void awaitReady(Duration limit) {
                part.awaitReady(limit);
                Service.all().stream()
                        .flatMap(service -> service.database().stream())
                        .forEach(database -> part.createDatabase(database, database, secrets.ofDatabase(database)));
            }
        };
    }

    @Override
    public boolean isWell() {
        return PostgresDatabases.of(folder(), portNumbers.postgres()).answer();
    }

    Path folder() {
        return layout.data().resolve(NAME);
    }
}
