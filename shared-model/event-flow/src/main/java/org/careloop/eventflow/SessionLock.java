package org.careloop.eventflow;

import static org.careloop.eventflow.EventFlowLog.LOG;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.careloop.fhirsearch.IndexHash;

/**
 * A session lock of PostgreSQL: one holder in all instances of a service. It ends with its connection, so also with a
 * kill; the connection may do other work meanwhile.
 */
final class SessionLock implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 5;

    private final String name;
    private final Connection connection;

    private SessionLock(String name, Connection connection) {
        this.name = name;
        this.connection = connection;
    }

    /** Takes the lock of the work called {@code name}, or returns empty when another has it. Does not wait. */
    static Optional<SessionLock> tryAcquire(String name, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select pg_try_advisory_lock(" + IndexHash.ofTarget(name) + ")")) {
            row.next();
            return row.getBoolean(1) ? Optional.of(new SessionLock(name, connection)) : Optional.empty();
        }
    }

    /** Tells whether the connection lives, and the lock with it; asks the database. */
    boolean isHeld() throws SQLException {
        return connection.isValid(PATIENCE_SECONDS);
    }

    @Override
    public void close() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_unlock(" + IndexHash.ofTarget(name) + ")");
        } catch (SQLException e) {
            LOG.lockGone(name);
        }
    }
}
