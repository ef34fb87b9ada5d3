package org.careloop.eventflow;

import static org.jboss.logging.Logger.Level.ERROR;
import static org.jboss.logging.Logger.Level.INFO;
import static org.jboss.logging.Logger.Level.WARN;

import java.lang.invoke.MethodHandles;
import org.jboss.logging.Logger;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** What the event flow logs: ids and counts, never content. */
@MessageLogger(projectCode = "EVENT", length = 4)
public interface EventFlowLog {

    EventFlowLog LOG = Logger.getMessageLogger(MethodHandles.lookup(), EventFlowLog.class, "org.careloop.eventflow");

    @LogMessage(level = INFO)
    @Message(id = 1, value = "This instance leads: %s")
    void leading(String work);

    @LogMessage(level = WARN)
    @Message(id = 2, value = "Interrupted, will try again: %s: %s")
    void interrupted(String work, String cause);

    @LogMessage(level = WARN)
    @Message(id = 3, value = "Event %s waits and is tried again, its effect failed: %s")
    void eventWaits(String eventId, String cause);

    @LogMessage(level = ERROR)
    @Message(id = 4, value = "Event became a dead letter: topic=%s partition=%d offset=%d reason=%s")
    void deadLetter(String topic, int partition, long offset, String reason);

    @LogMessage(level = WARN)
    @Message(id = 5, value = "Consumer of %s interrupted: %s")
    void consumerInterrupted(String service, String cause);

    @LogMessage(level = INFO)
    @Message(id = 7, value = "The database connection that held the lock is gone: %s")
    void lockGone(String work);

    @LogMessage(level = INFO)
    @Message(id = 6, value = "Dead letters of %s replayed: %d taken, %d failed again")
    void replayed(String service, int taken, int failed);

    @LogMessage(level = INFO)
    @Message(id = 8, value = "Kept long enough and removed: %d of %s")
    void removed(int count, String rows);

    @LogMessage(level = INFO)
    @Message(id = 9, value = "Retention of %d topics set")
    void topicsAligned(int count);

    @LogMessage(level = WARN)
    @Message(id = 10, value = "Retention of the topics of this service could not be set: %s")
    void topicsNotAligned(String cause);

    @LogMessage(level = INFO)
    @Message(id = 11, value = "%d events do not take effect together and are taken one by one: %s")
    void eventsTakenSingly(int count, String cause);

    @LogMessage(level = WARN)
    @Message(
            id = 12,
            value = "Searches may miss %d resources until they are indexed anew: their index has an older format")
    void outdated(long count);

    @LogMessage(level = INFO)
    @Message(id = 13, value = "Indexing anew: %d resources so far: %s")
    void reindexing(long count, String what);

    @LogMessage(level = INFO)
    @Message(id = 14, value = "Indexed anew: %d resources: %s")
    void reindexed(long count, String what);

    @LogMessage(level = WARN)
    @Message(id = 16, value = "The head of the audit chain cannot be told to the broker, will try again: %s")
    void headNotTold(String cause);

    @LogMessage(level = WARN)
    @Message(id = 15, value = "Cannot be read, so its index stays as it is: %s: %s")
    void notIndexed(String resource, String cause);

    @LogMessage(level = INFO)
    @Message(id = 17, value = "All that refers to replaced patients has followed: %d patients")
    void followed(int patients);

    @LogMessage(level = WARN)
    @Message(id = 18, value = "Refers to a patient who was replaced and cannot be moved, will try again: %s: %s")
    void notMoved(String resource, String cause);
}
