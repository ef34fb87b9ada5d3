package org.careloop.eventflow;

import java.sql.SQLException;
import org.careloop.audittrail.AuditVerification;

/** The chain of the audit trail of this service. */
public interface AuditChain {

    /**
     * Compares rows, links and the heads that were told to the broker; reads alone. Takes a while: not on an event loop.
     *
     * @param from number of the first link, 1 for all
     */
    AuditVerification.Report verify(long from) throws SQLException;
}
