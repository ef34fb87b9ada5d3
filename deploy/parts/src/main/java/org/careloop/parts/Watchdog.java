package org.careloop.parts;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends a child process when this JVM ends, however it ends. A shutdown hook does so in good order; a shell that reads
 * from a pipe of this JVM sees it break at {@code kill -9}, which no hook does.
 */
final class Watchdog implements AutoCloseable {

    /** Takes the process id and the signal; asks, waits up to 5 s, kills. The group is the session of the child. */
    private static final String SCRIPT = """
            cat >/dev/null
            kill -s "$2" -- "-$1" 2>/dev/null || exit 0
            tries=0
            while kill -0 "$1" 2>/dev/null && [ $tries -lt 50 ]; do tries=$((tries + 1)); sleep 0.1; done
            kill -s KILL -- "-$1" 2>/dev/null
            """;

    private final Process shell;
    private final Thread hook;

    private Watchdog(Process shell, Thread hook) {
        this.shell = shell;
        this.hook = hook;
    }

    static Watchdog over(ProcessHandle child, StopSignal signal) throws IOException {
        List<String> command = new ArrayList<>(OwnSession.prefix());
        command.addAll(List.of("sh", "-c", SCRIPT, "careloop-watchdog", Long.toString(child.pid()), signal.name()));
        Process shell = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread hook = new Thread(() -> ProcessStop.stop(child, signal, Duration.ofSeconds(10)), "stop-" + child.pid());
        Runtime.getRuntime().addShutdownHook(hook);
        return new Watchdog(shell, hook);
    }

    /** Stands down; to be called once the child has ended, so that its number, used again, is not mistaken for it. */
    @Override
    public void close() {
        shell.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is going down already; the hook finds the child gone.
        }
    }
}
