package org.careloop.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;

/** Keycloak imports a realm that it does not have, and leaves one that it has. */
final class KeycloakRealmFile {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");

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

    /** Of the file and of the values that the environment has for its placeholders. */
    private static String digest(Path file) throws IOException {
        String content = Files.readString(file);
        StringBuilder all = new StringBuilder(content);
        PLACEHOLDER
                .matcher(content)
                .results()
                .map(found -> found.group(1))
                .forEach(name -> all.append('\n').append(System.getenv().getOrDefault(name, "")));
        return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
    }
}
