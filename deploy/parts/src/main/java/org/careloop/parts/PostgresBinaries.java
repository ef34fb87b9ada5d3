package org.careloop.parts;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks PostgreSQL once per folder; the archive of the artifact holds a tar that Maven cannot unpack. */
final class PostgresBinaries {

    private static final Set<PosixFilePermission> PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");
    private static final int ANY_EXECUTE = 0111;

    private PostgresBinaries() {}

    /** Makes sure that {@code folder} holds the binaries; its parent exists. Several processes may ask at once. */
    static void provide(Path folder) {
        Path parent = folder.getParent();
        Unpacked.exclusively(parent.resolve("unpacked.lock"), () -> {
            if (!Files.isDirectory(folder)) {
                Path unfinished = Files.createTempDirectory(parent, "unpacking");
                Files.setPosixFilePermissions(unfinished, PROGRAM);
                unpack(Unpacked.postgresArchive(), unfinished);
                Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            }
        });
    }

    private static void unpack(Path archive, Path folder) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("entry outside its archive");
                }
                write(entry, tar, target);
            }
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        if (entry.isDirectory()) {
            createOpenly(target);
        } else if (entry.isSymbolicLink()) {
            createOpenly(target.getParent());
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            createOpenly(target.getParent());
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(target, (entry.getMode() & ANY_EXECUTE) != 0 ? PROGRAM : FILE);
        }
    }

    /** Against a umask of 077, under which PostgreSQL's own user could not get in. */
    private static void createOpenly(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            createOpenly(folder.getParent());
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PROGRAM);
        }
    }
}
