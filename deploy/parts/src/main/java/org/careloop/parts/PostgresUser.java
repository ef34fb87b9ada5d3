package org.careloop.parts;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;

/** The account that PostgreSQL runs under: this one, or an existing unprivileged one where this one is root. */
sealed interface PostgresUser {

    /** Returns what to put before a command so that it runs under the account, with the same process id. */
    List<String> prefix();

    /** Gives {@code path}, not what is in it, to the account. */
    void own(Path path) throws IOException;

    /** Whether the account can get to {@code folder}, which exists. */
    boolean reaches(Path folder) throws IOException;

    static PostgresUser current() {
        if (new UnixSystem().getUid() != 0) {
            return new Myself();
        }
        return Stream.of("postgres", "nobody")
                .filter(name -> !id("-u", name).isEmpty())
                .findFirst()
                .map(name -> new Other(name, id("-u", name), id("-g", name)))
                .orElseThrow(() -> new PartFailure("PostgreSQL does not run as root and there is no other user for it "
                        + "(expected: an account postgres or nobody)"));
    }

    private static String id(String what, String name) {
        try {
            Process id = new ProcessBuilder("id", what, name)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return id.waitFor() == 0 ? answer : "";
        } catch (IOException e) {
            throw new PartFailure("the program id cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartFailure("interrupted while asking for user " + name, e);
        }
    }

    /** The user that runs this JVM. */
    record Myself() implements PostgresUser {
        @Override
        public List<String> prefix() {
            return List.of();
        }

        @Override
        public void own(Path path) {
            // What this user created is its own.
        }

        @Override
        public boolean reaches(Path folder) {
            return true;
        }
    }

    /** Another user, for a JVM that runs as root. */
    record Other(String name, String uid, String gid) implements PostgresUser {
        @Override
        public List<String> prefix() {
            String setpriv = OwnSession.executable("setpriv")
                    .orElseThrow(() -> new PartFailure(
                            "PostgreSQL does not run as root and setpriv (package util-linux) is not on the PATH"));
            return List.of(setpriv, "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--");
        }

        @Override
        public void own(Path path) throws IOException {
            var principals = FileSystems.getDefault().getUserPrincipalLookupService();
            Files.setOwner(path, principals.lookupPrincipalByName(uid));
        }

        @Override
        public boolean reaches(Path folder) throws IOException {
            for (Path path = folder.toRealPath(); path != null; path = path.getParent()) {
                boolean searchable = Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE);
                if (!searchable) {
                    return false;
                }
            }
            return true;
        }
    }
}
