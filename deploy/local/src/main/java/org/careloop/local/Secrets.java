package org.careloop.local;

import java.util.Locale;
import java.util.Map;

/**
 * The secrets of clients and people of the local platform: {@code local-only-<name>} as in the realm file, unless the
 * environment sets another, under the names that the realm file reads as well.
 */
record Secrets(Map<String, String> environment) {

    String ofClient(String client) {
        return value("CARELOOP_SECRET_", client);
    }

    String ofUser(String user) {
        return value("CARELOOP_PASSWORD_", user);
    }

    String ofDatabase(String database) {
        return value("CARELOOP_DATABASE_PASSWORD_", database);
    }

    /** What page links are sealed with, alike for all services. */
    String ofPageLinks() {
        return value("CARELOOP_SECRET_", "page-links-of-this-machine");
    }

    private String value(String prefix, String name) {
        String variable = prefix + name.toUpperCase(Locale.ROOT).replace('-', '_');
        return environment.getOrDefault(variable, "local-only-" + name);
    }
}
