package org.careloop.local;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What must be so before anything is started; all that is wrong is told at once. */
record Preflight(int requiredJdk, long requiredBytes) {

    /** JDK 25 for the services, 1 GiB for data that grows. */
    static final Preflight STANDARD = new Preflight(25, 1L << 30);

    void check(Layout layout, List<Component> toStart) {
        List<String> wrong = new ArrayList<>();
        int jdk = Runtime.version().feature();
        if (jdk < requiredJdk) {
            wrong.add("this is JDK " + jdk + " (expected: " + requiredJdk + " or newer)");
        }
        long free = freeBytes(layout);
        if (free < requiredBytes) {
            wrong.add("only %d MiB are free at %s (expected: %d MiB)"
                    .formatted(free >> 20, layout.state(), requiredBytes >> 20));
        }
        for (Component component : toStart) {
            addTakenPorts(component, wrong);
            addMissingBuild(component, wrong);
        }
        if (!wrong.isEmpty()) {
            throw new Refusal("cannot start:\n  - " + String.join("\n  - ", wrong));
        }
    }

    private static void addTakenPorts(Component component, List<String> wrong) {
        component.ports().stream()
                .filter(port -> !PortOwner.isFree(port))
                .map(port -> "port %d for %s is taken by %s".formatted(port, component.name(), PortOwner.of(port)))
                .forEach(wrong::add);
    }

    private static void addMissingBuild(Component component, List<String> wrong) {
        try {
            component.requireBuilt();
        } catch (Refusal e) {
            wrong.add(e.getMessage());
        }
    }

    private static long freeBytes(Layout layout) {
        try {
            return Files.getFileStore(layout.state()).getUsableSpace();
        } catch (IOException e) {
            throw new Refusal("the free space of " + layout.state() + " cannot be found out", e);
        }
    }
}
