package org.careloop.local;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/** Lines for the person at the terminal, each with the seconds since the start. Safe for use by several threads. */
record Progress(PrintStream out, Instant start) {

    static Progress on(PrintStream out) {
        return new Progress(out, Instant.now());
    }

    void say(String text) {
        double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
        synchronized (out) {
            out.printf("[%6.1f s] %s%n", seconds, text);
            out.flush();
        }
    }
}
