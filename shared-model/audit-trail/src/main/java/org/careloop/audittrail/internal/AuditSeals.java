package org.careloop.audittrail.internal;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.careloop.audittrail.AuditHead;

/** The end of the chain, where links are added. */
public final class AuditSeals {

    private static final String LAST = "select number, last_seq, digest from audit_seal order by number desc limit 1";
    private static final String ROWS =
            "select " + AuditDigests.COLUMNS + " from audit_event where seq > ? and seq <= ? order by seq limit ?";
    private static final String ADD =
            "insert into audit_seal (number, last_seq, seqs, digests, previous, digest, sealed) values (?, ?, ?, ?, ?, ?, now())";

    private final Connection connection;

    public AuditSeals(Connection connection) {
        this.connection = connection;
    }

    /** Up to which row the chain goes now, and its head, if a link was added. */
    public record Added(long lastSeq, Optional<AuditHead> head) {}

    private record End(long number, long lastSeq, byte[] digest) {}

    private record Rows(List<Long> seqs, byte[] digests) {}

    /** Adds one link over the next rows up to {@code upTo}, at most {@code most}; none when there are no rows. */
    public Added add(long upTo, int most) throws SQLException {
        End end = end();
        Rows rows = rows(end.lastSeq, upTo, most);
        if (rows.seqs.isEmpty()) {
            return new Added(upTo, Optional.empty());
        }
        AuditLink link = new AuditLink(
                end.number + 1,
                rows.seqs.size() == most ? rows.seqs.getLast() : upTo,
                rows.seqs.stream().mapToLong(Long::longValue).toArray(),
                rows.digests,
                end.digest);
        byte[] digest = AuditDigests.ofLink(link);
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setLong(1, link.number());
            statement.setLong(2, link.lastSeq());
            statement.setArray(3, connection.createArrayOf("bigint", rows.seqs.toArray()));
            statement.setBytes(4, link.digests());
            statement.setBytes(5, link.previous());
            statement.setBytes(6, digest);
            statement.executeUpdate();
        }
        return new Added(
                link.lastSeq(),
                Optional.of(new AuditHead(link.number(), HexFormat.of().formatHex(digest))));
    }

    private End end() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LAST)) {
            return row.next()
                    ? new End(row.getLong(1), row.getLong(2), row.getBytes(3))
                    : new End(0, 0, AuditDigests.START);
        }
    }

    private Rows rows(long after, long upTo, int most) throws SQLException {
        List<Long> seqs = new ArrayList<>();
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            statement.setInt(3, most);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                seqs.add(rows.getLong(1));
                digests.writeBytes(AuditDigests.ofRow(rows));
            }
        }
        return new Rows(seqs, digests.toByteArray());
    }
}
