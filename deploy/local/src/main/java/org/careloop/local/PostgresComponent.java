package org.careloop.local;

import java.util.List;
import org.careloop.parts.Lifetime;
import org.careloop.parts.Part;
import org.careloop.parts.PostgresDatabases;
import org.careloop.parts.PostgresPart;
import org.careloop.parts.StopSignal;

/** PostgreSQL with a database and a user for each service that has one. */
record PostgresComponent(Layout layout, Ports portNumbers, Secrets secrets) implements PartComponent {

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
    public String marker() {
        return "-p " + portNumbers.postgres() + " ";
    }

    @Override
    public StopSignal stopSignal() {
        return StopSignal.INT;
    }

    @Override
    public Part launchPart() {
        return PostgresPart.launch(folder(), portNumbers.postgres(), Lifetime.DETACHED);
    }

    @Override
    public void prepare() {
        PostgresDatabases databases = PostgresDatabases.of(folder(), portNumbers.postgres());
        Service.all().stream()
                .flatMap(service -> service.database().stream())
                .forEach(database -> databases.create(database, database, secrets.ofDatabase(database)));
    }

    @Override
    public boolean isWell() {
        return PostgresDatabases.of(folder(), portNumbers.postgres()).answer();
    }
}
