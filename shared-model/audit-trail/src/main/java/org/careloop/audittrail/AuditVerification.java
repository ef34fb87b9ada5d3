package org.careloop.audittrail;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.careloop.audittrail.internal.AuditWalk;

/**
 * Walks the chain and tells the first place where it is broken. Reads alone; what it computes, it computes here and not in the
 * database.
 */
public final class AuditVerification {

    /** What is wrong. */
    public enum Kind {
        ROW_CHANGED,
        ROW_REMOVED,
        ROW_INSERTED,
        SEAL_CHANGED,
        SEAL_REMOVED,
        /** The chain is whole, but not the one whose head was told outside the database. */
        REWRITTEN,
        /** Links are missing whose heads were told outside the database. */
        CUT_OFF
    }

    /**
     * The first broken place.
     *
     * @param seal number of the link where it shows
     * @param row number of the row, where it is one
     */
    public record Fault(Kind kind, long seal, Optional<Long> row) {}

    /**
     * What was found.
     *
     * @param seals links that were walked
     * @param rows rows that were compared
     * @param prunedUpTo number of the last link whose rows an operator took away, 0 when none did
     * @param unsealed rows that no link covers yet
     * @param heads heads told outside the database that were compared; empty when they could not be read
     * @param next link where to go on, when this was not all
     */
    public record Report(
            boolean intact,
            long seals,
            long rows,
            long prunedUpTo,
            long unsealed,
            Optional<Integer> heads,
            Optional<Long> next,
            Optional<Fault> fault) {}

    private AuditVerification() {}

    /**
     * Walks the links from {@code from} on until about {@code most} rows were read.
     *
     * @param heads digests by number of link, as they were told outside the database; empty when they cannot be read
     */
    public static Report verify(Connection connection, long from, long most, Optional<Map<Long, String>> heads)
            throws SQLException {
        boolean automatic = connection.getAutoCommit();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        try {
            return new AuditWalk(connection, heads).from(from, most);
        } finally {
            connection.rollback();
            connection.setReadOnly(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(automatic);
        }
    }
}
