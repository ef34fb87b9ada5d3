package org.careloop.eventflow;

import static org.careloop.eventflow.EventFlowLog.LOG;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.careloop.eventflow.internal.DeadLetterQueue;
import org.careloop.eventflow.internal.DeadLetterQueue.Letter;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/** The events that this service could not take: an operator sees why, mends the cause and replays them. */
@Singleton
public class DeadLetters {

    /**
     * One event that waits for an operator; tells nothing of its content.
     *
     * @param resource {@code Type/id}, or {@code unreadable}
     * @param topic where the event came from
     */
    public record DeadLetter(String eventId, String resource, String topic, String reason) {}

    /** How a replay ended. */
    public record Replay(int taken, int failedAgain) {}

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EventFlowConfig config;
    private final DeadLetterQueue queue;
    private final DataSource database;

    DeadLetters(EventFlowConfig config, DeadLetterQueue queue, DataSource database) {
        this.config = config;
        this.queue = queue;
        this.database = database;
    }

    /** Returns the letters that were not replayed yet, oldest first for each key. Blocks. */
    public List<DeadLetter> waiting() {
        List<DeadLetter> letters = new ArrayList<>();
        queue.read(PATIENCE, false, letter -> letters.add(letter.summary()));
        return letters;
    }

    /**
     * Lets each waiting letter take effect; one that fails again becomes a new dead letter with its new reason. Blocks.
     * Fails with {@link ProblemCode#IN_PROGRESS} while another replay runs, in whatever instance: two would take the same
     * letters.
     */
    public Replay replay() {
        try (Connection connection = database.getConnection()) {
            try (SessionLock lock = SessionLock.tryAcquire("dead-letter-replay", connection)
                    .orElseThrow(() -> new FhirProblem(
                            ProblemCode.IN_PROGRESS, "replay: runs already (expected: one at a time)"))) {
                return replay(lock);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the lock of the replay cannot be had", e);
        }
    }

    private Replay replay(SessionLock lock) {
        int[] count = new int[2];
        queue.read(PATIENCE, true, (Letter letter) -> {
            requireHeld(lock);
            count[letter.replay() ? 0 : 1]++;
        });
        LOG.replayed(config.service(), count[0], count[1]);
        return new Replay(count[0], count[1]);
    }

    /** Without its connection the lock is free for another: this replay stops before the letter that it would share. */
    private static void requireHeld(SessionLock lock) {
        try {
            if (!lock.isHeld()) {
                throw new FhirProblem(ProblemCode.UNAVAILABLE, "replay: its lock is gone (expected: repeat the rest)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the lock of the replay cannot be asked for", e);
        }
    }
}
