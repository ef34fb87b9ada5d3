package org.careloop.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A PostgreSQL 18 on 127.0.0.1, signed in to with passwords only (SCRAM). Commits are durable as in production. Under
 * root it runs as user {@code postgres} or {@code nobody}, and keeps its data where that user gets to.
 */
public final class PostgresPart extends Part {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final PostgresDatabases databases;

    private PostgresPart(RunningProgram program, PostgresDatabases databases, int port) {
        super(program, port);
        this.databases = databases;
    }

    /**
     * Starts PostgreSQL for as long as this JVM lives and waits until it answers queries.
     *
     * @param folder keeps its data and log; the data of an earlier run there is used on
     * @param port where to listen; 0 takes a free one
     * @throws PartFailure when it does not start within 60 seconds
     */
    public static PostgresPart start(Path folder, int port) {
        return ready(launch(folder, port, Lifetime.WITH_PARENT), START_LIMIT);
    }

    /**
     * Starts PostgreSQL like {@link #start}, on a free port, for encrypted connections alone.
     *
     * @param certificate holds {@code tls.crt} and {@code tls.key}
     * @param access its {@code pg_hba.conf}
     */
    public static PostgresPart startEncrypted(Path folder, Path certificate, Path access) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            Map<String, String> settings = PostgresCluster.encrypted(PostgresHome.of(absolute), certificate, access);
            return ready(launch(absolute, 0, Lifetime.WITH_PARENT, settings), START_LIMIT);
        } catch (IOException e) {
            throw new PartFailure("PostgreSQL cannot be prepared in " + absolute, e);
        }
    }

    /** Starts PostgreSQL like {@link #start}, but does not wait for it. */
    public static PostgresPart launch(Path folder, int port, Lifetime lifetime) {
        return launch(folder, port, lifetime, Map.of());
    }

    private static PostgresPart launch(Path folder, int port, Lifetime lifetime, Map<String, String> settings) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            int chosen = FreePorts.one(port);
            Path log = absolute.resolve("postgres.log");
            PostgresHome home = PostgresHome.of(absolute);
            PostgresBinaries.provide(home.binaries());
            PostgresCluster.createIfMissing(home, log);
            PostgresLock.removeIfStale(home.data());
            Program program = new Program(
                    "PostgreSQL",
                    PostgresCluster.serverCommand(home, chosen, settings),
                    Map.of("LC_ALL", "C", "TZ", "UTC"),
                    home.base(),
                    log,
                    StopSignal.INT);
            PostgresDatabases databases = PostgresDatabases.of(absolute, chosen);
            return new PostgresPart(RunningProgram.start(program, lifetime), databases, chosen);
        } catch (IOException e) {
            throw new PartFailure("PostgreSQL cannot be prepared in " + absolute, e);
        }
    }

    /** Deletes the data and the log of {@code folder}, wherever they had to be put. Nothing may run on them. */
    public static void wipe(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            if (Files.isDirectory(absolute)) {
                FileTree.delete(PostgresHome.of(absolute).base());
            }
            FileTree.delete(absolute);
        } catch (IOException e) {
            throw new PartFailure("PostgreSQL's data in " + absolute + " cannot be deleted", e);
        }
    }

    /** See {@link PostgresDatabases#create}. */
    public void createDatabase(String name, String user, String password) {
        databases.create(name, user, password);
    }

    @Override
    public void awaitReady(Duration limit) {
        program().awaitReady(limit, databases::answer);
    }
}
