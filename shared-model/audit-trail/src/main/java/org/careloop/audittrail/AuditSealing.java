package org.careloop.audittrail;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.careloop.audittrail.internal.AuditSeals;
import org.jspecify.annotations.Nullable;

/**
 * Adds links to the chain; for the one instance of a service that leads this work, on one thread.
 *
 * <p>A transaction that commits late must not slip rows in behind the end of a link. A transaction has its number before its
 * rows have theirs, so: the last number of a row is read first, then a number of a transaction is taken; when all transactions
 * up to that one have ended, no row up to the former is still to come.
 */
public final class AuditSealing {

    private static final String LAST_ROW =
            "select case when is_called then last_value else 0 end from audit_event_seq_seq";
    private static final String OWN_NUMBER = "select pg_current_xact_id()::text";
    private static final String ENDED = "select pg_snapshot_xmin(pg_current_snapshot()) > (?::text)::xid8";

    private final int most;
    private @Nullable Mark mark;
    private long done;

    /** @param most rows that one link covers */
    public AuditSealing(int most) {
        this.most = most;
    }

    /** What may be sealed, once all transactions up to {@code transaction} have ended. */
    private record Mark(long lastRow, String transaction) {}

    /** Seals what can be; returns the link that was added last, empty when there was none to add. */
    public Optional<AuditHead> round(Connection connection) throws SQLException {
        Optional<AuditHead> head = Optional.empty();
        if (mark != null && hasEnded(connection, mark.transaction)) {
            long upTo = mark.lastRow;
            mark = null;
            AuditSeals seals = new AuditSeals(connection);
            while (done < upTo) {
                AuditSeals.Added added = seals.add(upTo, most);
                done = added.lastSeq();
                head = added.head().isPresent() ? added.head() : head;
            }
        }
        if (mark == null) {
            long last = Long.parseLong(one(connection, LAST_ROW));
            mark = last > done ? new Mark(last, one(connection, OWN_NUMBER)) : null;
        }
        return head;
    }

    /** Tells whether something waits to be sealed. */
    public boolean isWaiting() {
        return mark != null;
    }

    private static boolean hasEnded(Connection connection, String transaction) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ENDED)) {
            statement.setString(1, transaction);
            ResultSet row = statement.executeQuery();
            row.next();
            return row.getBoolean(1);
        }
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
