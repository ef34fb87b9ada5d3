package org.careloop.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * Whether a process still does anything. One that has ended stays in the table of processes until its parent asks for
 * its exit code; where the first process of a container never asks, that is for ever, and the JDK calls it alive.
 */
public final class Liveness {

    private static final Duration POLL = Duration.ofMillis(50);

    /** Fields of Linux's {@code stat} after the name, counted from 0; see proc_pid_stat(5). */
    private static final int STATE = 0;

    private static final int THREADS = 17;

    private Liveness() {}

    /** Whether {@code process} runs; not when it has ended and only its entry is left. */
    public static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && !hasOnlyEntryLeft(process.pid());
    }

    /** Waits until none of {@code processes} runs, and returns false when {@code limit} passed before that. */
    static boolean awaitEnd(Collection<ProcessHandle> processes, Duration limit) {
        Instant end = Instant.now().plus(limit);
        while (processes.stream().anyMatch(Liveness::isRunning)) {
            if (Instant.now().isAfter(end)) {
                return false;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PartFailure("interrupted while waiting for processes to end", e);
            }
        }
        return true;
    }

    /** Linux only; elsewhere the entry goes at once. */
    static boolean hasOnlyEntryLeft(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name in parentheses may hold anything; the state is the word after it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
            boolean hasEnded = fields[STATE].equals("Z") || fields[STATE].equals("X");
            // The first thread may have ended before the others, which still hold files and ports.
            return hasEnded && Integer.parseInt(fields[THREADS]) <= 1;
        } catch (IOException _) {
            return false;
        }
    }
}
