package org.careloop.parts;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A {@link Program} that was started as a child process in a session of its own. Safe for use by several threads. */
public final class RunningProgram implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final long PROBE_EVERY_MILLIS = 100;
    private static final File NOTHING = new File("/dev/null");

    private final Program program;
    private final Process process;
    private final long logStart;
    private final @Nullable Watchdog watchdog;

    private RunningProgram(Program program, Process process, long logStart, @Nullable Watchdog watchdog) {
        this.program = program;
        this.process = process;
        this.logStart = logStart;
        this.watchdog = watchdog;
    }

    /**
     * Starts {@code program}.
     *
     * @throws PartFailure when the system cannot start it
     */
    public static RunningProgram start(Program program, Lifetime lifetime) {
        List<String> command = new ArrayList<>(OwnSession.prefix());
        command.addAll(program.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(program.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
        builder.environment().putAll(program.environment());
        try {
            Files.createDirectories(program.log().toAbsolutePath().getParent());
            long logStart = program.log().toFile().length();
            Process process = builder.start();
            Watchdog watchdog = switch (lifetime) {
                case WITH_PARENT -> Watchdog.over(process.toHandle(), program.stopSignal());
                case DETACHED -> null;
            };
            return new RunningProgram(program, process, logStart, watchdog);
        } catch (IOException e) {
            throw new PartFailure(program.name() + " cannot be started", e);
        }
    }

    /** The process itself. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /**
     * Waits until {@code isReady} answers true. What it throws counts as not ready yet.
     *
     * @throws PartFailure when the program ended or {@code limit} passed; with the end of its log
     */
    public void awaitReady(Duration limit, Callable<Boolean> isReady) {
        Instant end = Instant.now().plus(limit);
        while (!holds(isReady)) {
            if (hasEndedWithin(PROBE_EVERY_MILLIS)) {
                throw new PartFailure(program.name() + " ended with exit code " + process.exitValue()
                        + " before it was ready; the end of " + program.log() + ":\n"
                        + LogTail.of(program.log(), logStart));
            }
            if (Instant.now().isAfter(end)) {
                throw new PartFailure(program.name() + " was not ready after " + limit.toSeconds() + " s; the end of "
                        + program.log() + ":\n" + LogTail.of(program.log(), logStart));
            }
        }
    }

    /** Ends the program, in good order if it does so within 30 seconds. */
    @Override
    public void close() {
        ProcessStop.stop(process.toHandle(), program.stopSignal(), GRACE);
        if (watchdog != null) {
            watchdog.close();
        }
    }

    private static boolean holds(Callable<Boolean> isReady) {
        try {
            return isReady.call();
        } catch (Exception _) {
            return false;
        }
    }

    private boolean hasEndedWithin(long millis) {
        try {
            process.onExit().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartFailure("interrupted while waiting for " + program.name(), e);
        } catch (ExecutionException e) {
            throw new PartFailure(program.name() + " cannot be waited for", e);
        }
    }
}
