package org.careloop.transitions;

import static org.jboss.logging.Logger.Level.ERROR;
import static org.jboss.logging.Logger.Level.INFO;
import static org.jboss.logging.Logger.Level.WARN;

import java.lang.invoke.MethodHandles;
import org.jboss.logging.Logger;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** What this service logs: ids and codes, never content of a message. */
@MessageLogger(projectCode = "TRANS", length = 4)
public interface TransitionsLog {

    TransitionsLog LOG =
            Logger.getMessageLogger(MethodHandles.lookup(), TransitionsLog.class, "org.careloop.transitions");

    @LogMessage(level = INFO)
    @Message(id = 1, value = "Listening for HL7 v2 over MLLP on port %d")
    void listening(int port);

    @LogMessage(level = WARN)
    @Message(id = 2, value = "Message refused: %s %s")
    void refused(String code, String location);

    @LogMessage(level = WARN)
    @Message(id = 3, value = "Message %d waits, its effect failed for a passing reason: %s")
    void waits(long id, String cause);

    @LogMessage(level = ERROR)
    @Message(id = 4, value = "Message %d failed and waits for an operator: %s")
    void failed(long id, String cause);

    @LogMessage(level = INFO)
    @Message(id = 5, value = "Message %d took effect: %s encounter=%s")
    void processed(long id, String event, String encounter);

    @LogMessage(level = WARN)
    @Message(id = 6, value = "MLLP connection closed: %s")
    void connectionClosed(String reason);

    @LogMessage(level = INFO)
    @Message(id = 7, value = "Transition opened: episode=%s risk=%s milestones=%d")
    void opened(String episode, String band, int milestones);

    @LogMessage(level = WARN)
    @Message(id = 39, value = "Clocks of a transition could not be reckoned, they are tried again: episode=%s %s")
    void clocksFailed(String episode, String cause);

    @LogMessage(level = INFO)
    @Message(id = 40, value = "Measures published: %d")
    void measuresPublished(int count);

    @LogMessage(level = WARN)
    @Message(id = 41, value = "A report could not be made, it is tried again: measure=%s month=%s organization=%s %s")
    void reportFailed(String measure, String month, String organization, String cause);

    @LogMessage(level = WARN)
    @Message(
            id = 72,
            value = "Stays of a patient are too many to be linked, their links stay as they are: patient=%s most=%d")
    void tooManyStays(String patient, int most);

    @LogMessage(level = ERROR)
    @Message(id = 8, value = "Message could not be kept, the sender is asked to send it again: %s")
    void notKept(String cause);

    @LogMessage(level = INFO)
    @Message(id = 28, value = "Document made: id=%s encounter=%s version=%d missing=%s")
    void documentMade(String id, String encounter, int version, String missing);

    @LogMessage(level = WARN)
    @Message(id = 29, value = "Document of encounter %s waits, it could not be made for a passing reason: %s")
    void documentWaits(String encounter, String cause);

    @LogMessage(level = ERROR)
    @Message(id = 30, value = "Document of encounter %s cannot be made: %s")
    void documentFailed(String encounter, String cause);

    @LogMessage(level = ERROR)
    @Message(
            id = 47,
            value =
                    "Document of encounter %s is refused for good after %d attempts, it is made when it is asked for again")
    void documentGivenUp(String encounter, int attempts);

    @LogMessage(level = INFO)
    @Message(id = 31, value = "Documents withdrawn: encounter=%s count=%d")
    void documentsWithdrawn(String encounter, int count);
}
