package org.careloop.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * PostgreSQL's lock file. PostgreSQL removes a stale one by itself, but takes a server that was killed for a running
 * one as long as its entry is in the table of processes, and then refuses to start.
 */
final class PostgresLock {

    private static final Duration BACKENDS_LEAVE = Duration.ofSeconds(10);

    private PostgresLock() {}

    /** Removes the lock of a server that has ended, once the last of its backends has ended too. */
    static void removeIfStale(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        List<String> lines = Files.readAllLines(file);
        String pid = lines.isEmpty() ? "" : lines.getFirst().strip();
        if (pid.matches("\\d{1,18}") && Liveness.hasOnlyEntryLeft(Long.parseLong(pid))) {
            List<ProcessHandle> backends = ProcessHandle.allProcesses()
                    .filter(process -> worksIn(data, process))
                    .toList();
            if (Liveness.awaitEnd(backends, BACKENDS_LEAVE)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean worksIn(Path data, ProcessHandle process) {
        try {
            Path directory =
                    Path.of("/proc", Long.toString(process.pid()), "cwd").toRealPath();
            return directory.equals(data.toRealPath());
        } catch (IOException _) {
            return false;
        }
    }
}
