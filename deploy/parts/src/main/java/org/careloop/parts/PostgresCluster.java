package org.careloop.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The data folder of one PostgreSQL: created once, then run. */
final class PostgresCluster {

    static final String SUPERUSER = "careloop_admin";

    /** Small enough for one machine, and what the platform relies on everywhere: durable commits, 200 connections. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("fsync", "on"),
            // What is written must not be read back from the files: with less, a third of the server's time goes into
            // that.
            Map.entry("shared_buffers", "384MB"),
            // Each checkpoint makes the next change of every page a whole page of the log.
            Map.entry("checkpoint_timeout", "15min"),
            Map.entry("max_wal_size", "2GB"),
            Map.entry("max_connections", "200"),
            Map.entry("max_prepared_transactions", "64"),
            // The binaries are built without lz4; pglz is what "on" means.
            Map.entry("wal_compression", "on"),
            Map.entry("autovacuum_vacuum_scale_factor", "0.02"),
            // Statements, their values and the rows that they are about are health data: an error's text alone is
            // logged.
            Map.entry("log_error_verbosity", "terse"),
            Map.entry("log_min_error_statement", "panic"),
            Map.entry("log_parameter_max_length_on_error", "0"));

    private PostgresCluster() {}

    /** Creates the data folder unless it is there; an interrupted creation leaves nothing that looks finished. */
    static void createIfMissing(PostgresHome home, Path log) throws IOException {
        if (Files.isDirectory(home.data())) {
            return;
        }
        Path unfinished = home.base().resolve("data.unfinished");
        FileTree.delete(unfinished);
        Files.createDirectories(unfinished);
        home.user().own(unfinished);
        writePassword(home);
        initdb(home, unfinished, log);
        Files.move(unfinished, home.data());
    }

    /** The settings for TLS with copies of these files that the server's user reads; it takes no key that others can read. */
    static Map<String, String> encrypted(PostgresHome home, Path certificate, Path access) throws IOException {
        return Map.of(
                "ssl", "on",
                "ssl_cert_file", owned(home, certificate.resolve("tls.crt")),
                "ssl_key_file", owned(home, certificate.resolve("tls.key")),
                "hba_file", owned(home, access));
    }

    private static String owned(PostgresHome home, Path file) throws IOException {
        Path copy = home.base().resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        home.user().own(copy);
        return copy.toString();
    }

    /** @param more besides the usual settings */
    static List<String> serverCommand(PostgresHome home, int port, Map<String, String> more) {
        Stream<String> settings = Stream.of(SETTINGS, more)
                .flatMap(each -> each.entrySet().stream())
                .flatMap(setting -> Stream.of("-c", setting.getKey() + "=" + setting.getValue()));
        return command(
                home,
                Stream.concat(
                        Stream.of(
                                home.binaries().resolve("bin/postgres").toString(),
                                "-D",
                                home.data().toString(),
                                "-p",
                                Integer.toString(port)),
                        settings));
    }

    private static void writePassword(PostgresHome home) throws IOException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(home.password());
        Files.createFile(
                home.password(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(home.password(), HexFormat.of().formatHex(random), StandardCharsets.US_ASCII);
        home.user().own(home.password());
    }

    private static void initdb(PostgresHome home, Path data, Path log) throws IOException {
        Process initdb = new ProcessBuilder(command(
                        home,
                        Stream.of(
                                home.binaries().resolve("bin/initdb").toString(),
                                "--pgdata=" + data,
                                "--username=" + SUPERUSER,
                                "--pwfile=" + home.password(),
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                // The server syncs from then on; a creation lost with the machine is simply repeated.
                                "--no-sync",
                                "--no-instructions")))
                .directory(home.base().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (initdb.waitFor() != 0) {
                throw new PartFailure("initdb failed; the end of " + log + ":\n" + LogTail.of(log));
            }
        } catch (InterruptedException e) {
            initdb.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new PartFailure("interrupted while creating PostgreSQL's data", e);
        }
    }

    private static List<String> command(PostgresHome home, Stream<String> arguments) {
        List<String> command = new ArrayList<>(home.user().prefix());
        arguments.forEach(command::add);
        return command;
    }
}
