package org.careloop.eventflow;

import static org.careloop.eventflow.EventFlowLog.LOG;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Work that one instance of a service does at a time. The instance that leads holds a session lock of PostgreSQL, which
 * ends with its connection, so also with a kill; another takes over within the retry delay. A thread of its own, because
 * the work waits.
 */
public final class LeaderLoop {

    /** One round of the work, again and again while this instance leads. */
    public interface Work extends AutoCloseable {

        /**
         * Does what waits, with {@code connection}, which holds the lock.
         *
         * @return whether more waits already
         */
        boolean round(Connection connection) throws Exception;

        @Override
        default void close() {}
    }

    /** Begins the work when this instance starts to lead; closed when it ends to. */
    public interface Begin {
        Work begin(Connection connection) throws Exception;
    }

    /** Whose loop runs as long as its service does: a bean needs no more than this to have its rounds. */
    public interface Owner {

        /** The loop, always the same. */
        LeaderLoop loop();

        /** Whether there is anything to do at all, by the settings. */
        default boolean isWanted() {
            return true;
        }

        /** Looks now, without the pause. Returns at once. */
        default void hint() {
            loop().hint();
        }
    }

    private final String name;
    private final DataSource database;
    private final Duration idle;
    private final Duration retry;
    private final Begin begin;
    private final Semaphore hint = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * A loop that is not started.
     *
     * @param name of the work, for the log and the lock: the same in all instances, different for each work
     * @param idle longest pause when nothing waits and nobody hints
     * @param retry pause after a failure, and between attempts to lead
     */
    public LeaderLoop(String name, DataSource database, Duration idle, Duration retry, Begin begin) {
        this.name = name;
        this.database = database;
        this.idle = idle;
        this.retry = retry;
        this.begin = begin;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /** Starts the thread; returns at once. */
    public void start() {
        thread.start();
    }

    /** Ends the loop after the current round; waits at most 10 seconds for it. */
    public void stop() throws InterruptedException {
        stopped = true;
        hint.release();
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    /** Tells whether the thread runs; false for good after {@link #stop}. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Ends a pause; for who knows that work waits. Returns at once. */
    public void hint() {
        if (hint.availablePermits() == 0) {
            hint.release();
        }
    }

    /** Waits for {@code work}; for the threads of loops alone. */
    public static <T> T await(Supplier<Uni<T>> work) throws Exception {
        try {
            return VertxContextSupport.subscribeAndAwait(work);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void run() {
        while (!stopped) {
            try {
                lead();
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                // Also an Error must not end the work of this instance for good.
                if (!stopped) {
                    LOG.interrupted(name, Causes.nameOf(e));
                }
            }
            pause(retry);
        }
    }

    private void lead() throws Exception {
        try (Connection connection = database.getConnection()) {
            Optional<SessionLock> lock = SessionLock.tryAcquire(name, connection);
            if (lock.isEmpty()) {
                return;
            }
            try (SessionLock held = lock.get();
                    Work work = begin.begin(connection)) {
                LOG.leading(name);
                while (!stopped) {
                    if (!work.round(connection)) {
                        pause(idle);
                    }
                }
            }
        }
    }

    private void pause(Duration duration) {
        // The pause that stop ended is followed by the one between attempts to lead.
        if (stopped) {
            return;
        }
        try {
            if (hint.tryAcquire(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                hint.drainPermits();
            }
        } catch (InterruptedException e) {
            stopped = true;
        }
    }
}
