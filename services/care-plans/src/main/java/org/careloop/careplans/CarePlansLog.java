package org.careloop.careplans;

import static org.jboss.logging.Logger.Level.INFO;
import static org.jboss.logging.Logger.Level.WARN;

import java.lang.invoke.MethodHandles;
import org.jboss.logging.Logger;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** What this service logs: ids, never content. */
@MessageLogger(projectCode = "CPLAN", length = 4)
public interface CarePlansLog {

    CarePlansLog LOG = Logger.getMessageLogger(MethodHandles.lookup(), CarePlansLog.class, "org.careloop.careplans");

    @LogMessage(level = INFO)
    @Message(id = 1, value = "Plan made: id=%s goals=%d activities=%d rules=%s")
    void planMade(String id, int goals, int activities, String rules);

    @LogMessage(level = INFO)
    @Message(id = 2, value = "Protocols published: %d definitions, rules=%s")
    void published(int definitions, String rules);

    @LogMessage(level = INFO)
    @Message(id = 3, value = "Protocols applied anew: id=%s reason=%s rules=%s")
    void planRevised(String id, String reason, String rules);

    @LogMessage(level = INFO)
    @Message(id = 4, value = "Plan moved: id=%s phase=%s")
    void planMoved(String id, String phase);

    @LogMessage(level = INFO)
    @Message(id = 24, value = "Sent: id=%s encounter=%s")
    void noticeSent(String id, String encounter);

    @LogMessage(level = INFO)
    @Message(id = 25, value = "Taken back: id=%s")
    void noticeTakenBack(String id);

    @LogMessage(level = WARN)
    @Message(id = 26, value = "What is due of a patient was not sent, tried again: patient=%s failures=%d cause=%s")
    void notSent(String patient, int failures, String cause);
}
