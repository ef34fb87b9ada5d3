package org.careloop.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.careloop.parts.ProcessStop;

/**
 * What one {@code up} has started so far, to be taken back when it fails or is interrupted. Nothing escapes: while a
 * process is being started, taking back waits; after taking back has begun, nothing more is started.
 */
final class Started {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<Running> remembered = new ArrayList<>();
    private volatile boolean isInterrupted;
    private boolean isOver;

    Component.Launched launch(Running running, Supplier<Component.Launched> launch) {
        lock.readLock().lock();
        try {
            if (isOver) {
                throw new Refusal(running.component().name() + " is not started: stopping");
            }
            Component.Launched launched = launch.get();
            running.remember(launched.process());
            synchronized (remembered) {
                remembered.add(running);
            }
            return launched;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Takes back because the person, not a failure, wants it. */
    void interrupt() {
        isInterrupted = true;
        takeBack();
    }

    boolean isInterrupted() {
        return isInterrupted;
    }

    /** Stops all that was started, the last first. Repeating it does nothing. */
    void takeBack() {
        lock.writeLock().lock();
        try {
            isOver = true;
            remembered.reversed().parallelStream().forEach(running -> {
                running.process()
                        .ifPresent(process ->
                                ProcessStop.stop(process, running.component().stopSignal(), GRACE));
                running.forget();
            });
            remembered.clear();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
