package org.careloop.parts;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Ends a process and all that it started. */
public final class ProcessStop {

    private ProcessStop() {}

    /**
     * Asks {@code process} to end and waits up to {@code grace}; then kills what is left of it and its descendants.
     * Returns when none of them runs.
     */
    public static void stop(ProcessHandle process, StopSignal signal, Duration grace) {
        List<ProcessHandle> descendants = process.descendants().toList();
        if (Liveness.isRunning(process)) {
            send(process, signal);
        }
        if (!Liveness.awaitEnd(List.of(process), grace)) {
            process.destroyForcibly();
        }
        List<ProcessHandle> left = Stream.concat(Stream.of(process), descendants.stream())
                .filter(Liveness::isRunning)
                .toList();
        // Who outlives a program that ended (PostgreSQL's wait for theirs) was left behind; a moment to notice, no
        // more.
        if (!Liveness.awaitEnd(left, Duration.ofSeconds(1))) {
            left.forEach(ProcessHandle::destroyForcibly);
            Liveness.awaitEnd(left, Duration.ofSeconds(5));
        }
    }

    private static void send(ProcessHandle process, StopSignal signal) {
        switch (signal) {
            case TERM -> process.destroy();
            case INT -> interrupt(process);
        }
    }

    private static void interrupt(ProcessHandle process) {
        try {
            // The JDK can send TERM and KILL only.
            new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor();
        } catch (IOException _) {
            process.destroy();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
