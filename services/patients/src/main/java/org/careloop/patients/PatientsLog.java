package org.careloop.patients;

import static org.jboss.logging.Logger.Level.WARN;

import java.lang.invoke.MethodHandles;
import org.jboss.logging.Logger;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** What this service logs: ids, never content. */
@MessageLogger(projectCode = "PATNT", length = 4)
public interface PatientsLog {

    PatientsLog LOG = Logger.getMessageLogger(MethodHandles.lookup(), PatientsLog.class, "org.careloop.patients");

    @LogMessage(level = WARN)
    @Message(id = 13, value = "Medicines not compared, too many are stored, a person is asked to: encounter=%s")
    void tooManyToCompare(String encounter);

    @LogMessage(level = WARN)
    @Message(id = 14, value = "Medicines of a patient not compared again, tried later: patient=%s cause=%s")
    void notComparedAgain(String patient, String cause);
}
