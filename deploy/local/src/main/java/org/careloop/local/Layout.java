package org.careloop.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where things lie below the project's root. */
record Layout(Path root) {

    Path state() {
        return root.resolve(".careloop");
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
