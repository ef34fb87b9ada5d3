package org.careloop.parts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.NoSuchElementException;
import java.util.Properties;

/** Where the build has put the parts: {@code .careloop/parts} in the project's root. */
final class Unpacked {

    private static final Properties VERSIONS = versions();

    private Unpacked() {}

    static Path postgresArchive() {
        Path folder = existing("postgres");
        try (var files = Files.newDirectoryStream(folder, "*.txz")) {
            return files.iterator().next();
        } catch (IOException | NoSuchElementException e) {
            throw new PartFailure("no PostgreSQL archive in " + folder, e);
        }
    }

    static Path kafka() {
        return existing("kafka");
    }

    static Path keycloak() {
        return existing("keycloak");
    }

    static String version(String part) {
        return VERSIONS.getProperty(part);
    }

    /** Runs {@code work} while no other process of this machine runs work under the same {@code lock} file. */
    static void exclusively(Path lock, Work work) {
        synchronized (Unpacked.class) {
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (held.isValid()) {
                    work.run();
                }
            } catch (IOException e) {
                throw new PartFailure("work under " + lock + " failed", e);
            }
        }
    }

    private static Path existing(String part) {
        Path folder = ProjectRoot.find().resolve(".careloop/parts/" + part + "-" + version(part));
        if (!Files.isDirectory(folder)) {
            throw new PartFailure(folder + " is missing (expected: put there by the build, "
                    + "mvn process-resources -pl deploy/parts -am)");
        }
        return folder;
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream file = Unpacked.class.getResourceAsStream("versions.properties")) {
            versions.load(file);
            return versions;
        } catch (IOException e) {
            throw new PartFailure("versions.properties cannot be read", e);
        }
    }

    /** Something done with files. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }
}
