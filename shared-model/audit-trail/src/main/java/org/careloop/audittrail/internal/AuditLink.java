package org.careloop.audittrail.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * A link of the chain.
 *
 * @param lastSeq it covers the rows up to this number that no link before covers
 * @param seqs their numbers
 * @param digests their digests, {@link AuditDigests#ROW} bytes each
 * @param previous digest of the link before
 */
record AuditLink(long number, long lastSeq, long[] seqs, byte[] digests, byte[] previous) {

    static final String COLUMNS = "number, last_seq, seqs, digests, previous, digest";

    static AuditLink of(ResultSet row) throws SQLException {
        Long[] seqs = (Long[]) row.getArray(3).getArray();
        return new AuditLink(
                row.getLong(1),
                row.getLong(2),
                Arrays.stream(seqs).mapToLong(Long::longValue).toArray(),
                row.getBytes(4),
                row.getBytes(5));
    }

    byte[] digestAt(int place) {
        int from = place * AuditDigests.ROW;
        return from + AuditDigests.ROW > digests.length
                ? new byte[0]
                : Arrays.copyOfRange(digests, from, from + AuditDigests.ROW);
    }
}
