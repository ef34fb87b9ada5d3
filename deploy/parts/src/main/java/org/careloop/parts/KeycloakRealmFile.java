package org.careloop.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Keycloak imports a realm that it does not have, and leaves one that it has. */
final class KeycloakRealmFile {

    private KeycloakRealmFile() {}

    /**
     * Puts {@code realmFile} where Keycloak looks for it, and begins with {@code template} if it imported another
     * content.
     */
    static void prepareImport(Path realmFile, Path data, Path template) throws IOException {
        Path folder = data.resolve("import");
        Files.createDirectories(folder);
        Path stamp = data.resolve("imported.sha256");
        String digest = digest(realmFile);
        if (!Files.exists(stamp) || !Files.readString(stamp).equals(digest)) {
            FileTree.delete(data.resolve("h2"));
            FileTree.delete(data.resolve("transaction-logs"));
            KeycloakTemplate.copy(template, data.resolve("h2"));
            Files.writeString(stamp, digest);
        }
        Files.copy(realmFile, folder.resolve("realm.json"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String digest(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
