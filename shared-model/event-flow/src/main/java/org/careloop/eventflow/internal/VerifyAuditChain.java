package org.careloop.eventflow.internal;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.careloop.audittrail.AuditConfig;
import org.careloop.audittrail.AuditVerification;
import org.careloop.eventflow.AuditChain;

/** Walks the chain with a connection of its own. */
@Singleton
public class VerifyAuditChain implements AuditChain {

    private final DataSource database;
    private final SealHeads heads;
    private final AuditConfig config;

    VerifyAuditChain(DataSource database, SealHeads heads, AuditConfig config) {
        this.database = database;
        this.heads = heads;
        this.config = config;
    }

    /** What was told is read first: a link that is added meanwhile is then only in the database, which is fine. */
    @Override
    public AuditVerification.Report verify(long from) throws SQLException {
        var told = heads.told();
        try (Connection connection = database.getConnection()) {
            return AuditVerification.verify(connection, from, config.verifiedTogether(), told);
        }
    }
}
