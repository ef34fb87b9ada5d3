package org.careloop.referrals;

import static org.jboss.logging.Logger.Level.INFO;
import static org.jboss.logging.Logger.Level.WARN;

import java.lang.invoke.MethodHandles;
import org.jboss.logging.Logger;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** What this service logs: ids, never content. */
@MessageLogger(projectCode = "REFER", length = 4)
public interface ReferralsLog {

    ReferralsLog LOG = Logger.getMessageLogger(MethodHandles.lookup(), ReferralsLog.class, "org.careloop.referrals");

    @LogMessage(level = INFO)
    @Message(id = 1, value = "Referral made: task=%s agency=%s")
    void referred(String task, String organization);

    @LogMessage(level = WARN)
    @Message(
            id = 2,
            value = "Referral made without an agency, it waits for the directory or the patient's area: task=%s")
    void referralWaits(String task);

    @LogMessage(level = INFO)
    @Message(id = 4, value = "Follow-up Task made: task=%s")
    void followUpMade(String task);

    @LogMessage(level = INFO)
    @Message(id = 5, value = "Request completed by its Tasks: request=%s")
    void requestCompleted(String request);

    @LogMessage(level = INFO)
    @Message(id = 6, value = "Tasks ended with their request: request=%s tasks=%d")
    void tasksEnded(String request, int tasks);

    @LogMessage(level = INFO)
    @Message(id = 7, value = "Service marked without capacity: service=%s")
    void markedFull(String service);

    @LogMessage(level = INFO)
    @Message(id = 8, value = "Told to who asked: %s task=%s")
    void told(String code, String task);

    @LogMessage(level = INFO)
    @Message(id = 9, value = "Referral recalled, its agency did not answer in time: task=%s")
    void recalled(String task);

    @LogMessage(level = WARN)
    @Message(id = 10, value = "Clocks of a Task not followed, will try again: task=%s: %s")
    void clockFailed(String task, String cause);

    @LogMessage(level = WARN)
    @Message(id = 11, value = "Not told to who asked, the Task cannot be made: %s task=%s: %s")
    void notTold(String code, String task, String cause);

    @LogMessage(level = INFO)
    @Message(id = 12, value = "Owner reminded: task=%s clock=%s")
    void reminded(String task, String clock);

    @LogMessage(level = INFO)
    @Message(id = 13, value = "Task is late: task=%s clock=%s")
    void late(String task, String clock);

    @LogMessage(level = INFO)
    @Message(id = 14, value = "Referral withdrawn, another agency has accepted: task=%s")
    void withdrawn(String task);

    @LogMessage(level = INFO)
    @Message(id = 16, value = "Referral is on its agency's own server: task=%s endpoint=%s")
    void sentDirectly(String task, String endpoint);

    @LogMessage(level = WARN)
    @Message(id = 17, value = "Agency's server gives no usable answer, will try again: endpoint=%s failures=%d: %s")
    void partnerFailed(String endpoint, int failures, String cause);

    @LogMessage(level = WARN)
    @Message(id = 18, value = "Referral cannot be exchanged with its agency's server, will try again: task=%s: %s")
    void exchangeFailed(String task, String cause);

    @LogMessage(level = WARN)
    @Message(id = 19, value = "Endpoint names a server that is not configured: endpoint=%s")
    void serverUnknown(String endpoint);

    @LogMessage(level = INFO)
    @Message(id = 20, value = "Referral to a network passed on: task=%s request=%s")
    void passedOn(String task, String request);

    @LogMessage(level = WARN)
    @Message(
            id = 21,
            value = "Referral to a network not passed on or followed, will try again: task=%s failures=%d: %s")
    void notPassedOn(String task, int failures, String cause);

    @LogMessage(level = WARN)
    @Message(id = 22, value = "Referrals to a network not looked at, will try again: endpoint=%s: %s")
    void networkFailed(String endpoint, String cause);

    @LogMessage(level = WARN)
    @Message(id = 23, value = "Agency not measured, its last standing counts: %s: %s")
    void notMeasured(String organization, String cause);

    @LogMessage(level = WARN)
    @Message(id = 24, value = "Waiting referral cannot be addressed: task=%s: %s")
    void notAddressed(String task, String cause);

    @LogMessage(level = WARN)
    @Message(
            id = 25,
            value = "No organisation keeps the directory, so nobody but the platform says for whom practitioners work:"
                    + " set careloop.referrals.directory-keepers")
    void directoryWithoutKeeper();

    @LogMessage(level = INFO)
    @Message(id = 31, value = "Work followed its plan: %s")
    void planFollowed(String reference);
}
