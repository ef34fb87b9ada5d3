package org.careloop.eventflow;

import static org.careloop.eventflow.EventFlowLog.LOG;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.careloop.eventflow.internal.DeadLetterQueue;
import org.careloop.eventflow.internal.DeadLetterQueue.Letter;

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

    DeadLetters(EventFlowConfig config, DeadLetterQueue queue) {
        this.config = config;
        this.queue = queue;
    }

    /** Returns the letters that were not replayed yet, oldest first for each key. Blocks. */
    public List<DeadLetter> waiting() {
        List<DeadLetter> letters = new ArrayList<>();
        queue.read(PATIENCE, false, letter -> letters.add(letter.summary()));
        return letters;
    }

    /** Lets each waiting letter take effect; one that fails again becomes a new dead letter with its new reason. Blocks. */
    public Replay replay() {
        int[] count = new int[2];
        queue.read(PATIENCE, true, (Letter letter) -> count[letter.replay() ? 0 : 1]++);
        LOG.replayed(config.service(), count[0], count[1]);
        return new Replay(count[0], count[1]);
    }
}
