package org.careloop.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where things lie.
 *
 * @param root the project's root
 * @param state data, logs and pid files; {@code .careloop} in the root unless {@code CARELOOP_STATE} names another folder
 */
record Layout(Path root, Path state) {

    /** The usual places in {@code root}. */
    Layout(Path root) {
        this(root, root.resolve(".careloop"));
    }

    /** The places that {@code environment} asks for. */
    static Layout of(Path root, Map<String, String> environment) {
        String state = environment.get("CARELOOP_STATE");
        return state == null
                ? new Layout(root)
                : new Layout(root, Path.of(state).toAbsolutePath());
    }

    Path run() {
        return state().resolve("run");
    }

    Path logs() {
        return state().resolve("logs");
    }

    Path data() {
        return state().resolve("data");
    }

    Path log(String component) {
        return logs().resolve(component + ".log");
    }

    Path realmFile() {
        return root.resolve("deploy/keycloak/careloop-realm.json");
    }

    Path serviceJar(String service) {
        return root.resolve("services/" + service + "/target/quarkus-app/quarkus-run.jar");
    }

    void create() {
        try {
            Files.createDirectories(run());
            Files.createDirectories(logs());
            Files.createDirectories(data());
        } catch (IOException e) {
            throw new Refusal(state() + " cannot be created", e);
        }
    }
}
