package org.careloop.gateway;

import static org.jboss.logging.Logger.Level.WARN;

import java.lang.invoke.MethodHandles;
import org.jboss.logging.Logger;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** What the gateway logs: services and causes, never addresses or content of requests. */
@MessageLogger(projectCode = "GATEW", length = 4)
public interface GatewayLog {

    GatewayLog LOG = Logger.getMessageLogger(MethodHandles.lookup(), GatewayLog.class, "org.careloop.gateway");

    @LogMessage(level = WARN)
    @Message(id = 1, value = "A service gave no answer, or not all of it: service=%s method=%s cause=%s")
    void noAnswer(String service, String method, String cause);

    @LogMessage(level = WARN)
    @Message(id = 2, value = "No service keeps what the gateway refused, so the refusals are answered with 503")
    void refusalsNotKept();
}
