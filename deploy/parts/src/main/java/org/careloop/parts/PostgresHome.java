package org.careloop.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where a PostgreSQL keeps its data and has its binaries. That is the folder asked for and the project's own, but
 * where the JVM is root and PostgreSQL's user cannot get there (a project under {@code /root}, say) it is {@code
 * /var/tmp/careloop-<hash of the project's root>}.
 */
record PostgresHome(Path base, Path binaries, PostgresUser user) {

    private static final Path OUTSIDE = Path.of("/var/tmp");
    private static final String OPEN_FOLDER = "rwxr-xr-x";

    static PostgresHome of(Path folder) throws IOException {
        PostgresUser user = PostgresUser.current();
        createOpenly(folder);
        Path root = ProjectRoot.find();
        Path parts = Unpacked.postgresArchive().getParent();
        boolean dataReachable = user.reaches(folder);
        Path base = dataReachable ? folder : outside(root).resolve("postgres-" + hash(folder));
        Path binaries = user.reaches(parts) ? parts : outside(root).resolve(parts.getFileName());
        createOpenly(base);
        createOpenly(binaries);
        if (!dataReachable) {
            leaveNote(folder, base);
        }
        return new PostgresHome(base, binaries.resolve("unpacked"), user);
    }

    Path data() {
        return base.resolve("data");
    }

    Path password() {
        return base.resolve("superuser.password");
    }

    private static void leaveNote(Path folder, Path base) throws IOException {
        Path note = folder.resolve("data");
        if (!Files.exists(note, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(note, base.resolve("data"));
        }
    }

    private static Path outside(Path root) throws IOException {
        Path folder = OUTSIDE.resolve("careloop-" + hash(root));
        createOpenly(folder);
        // Anybody may create a folder in /var/tmp: do not trust one that another user made.
        boolean ours = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS));
        if (!ours) {
            throw new PartFailure(folder + " belongs to another user (expected: root); remove it");
        }
        return folder;
    }

    private static void createOpenly(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OPEN_FOLDER));
        }
    }

    private static String hash(Path path) {
        try {
            byte[] text = path.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
