package org.careloop.audittrail.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Digests of rows and links. Made here and not by the database, whose functions could be changed by whom the chain is to
 * convict. What goes into them is a stored format: a column that is added later goes in where it has a value, so that what was
 * sealed before it was there stays whole.
 */
public final class AuditDigests {

    /** Length of the digest of a row: half of SHA-256's, enough that nobody finds a second row for one. */
    public static final int ROW = 16;

    /** The columns that a digest covers; the first is the number of the row. */
    public static final String COLUMNS =
            "seq, (extract(epoch from recorded) * 1000000)::bigint, interaction, status, client, person, role, organization,"
                    + " on_behalf, address, array_to_string(patients, ' '), type, id, version, query, purpose, correlation,"
                    + " results, problem, keys::text, answers::text";

    /** So many of them are covered also where they have no value: those of the first release. */
    private static final int FIRST_COUNT = 19;

    private static final int COUNT = 21;
    private static final String LINK = "careloop audit 1";

    /** Comes before the first link. */
    public static final byte[] START = new byte[32];

    private AuditDigests() {}

    /** Returns the digest of the current one of {@code rows}, which has {@link #COLUMNS}. */
    static byte[] ofRow(ResultSet rows) throws SQLException {
        Content content = new Content();
        for (int column = 1; column <= FIRST_COUNT; column++) {
            content.add(rows.getString(column));
        }
        for (int column = FIRST_COUNT + 1; column <= COUNT; column++) {
            String later = rows.getString(column);
            if (later != null) {
                content.add(Integer.toString(column)).add(later);
            }
        }
        return Arrays.copyOf(content.digest(), ROW);
    }

    /** Returns the digest of a link. */
    static byte[] ofLink(AuditLink link) {
        ByteBuffer numbers = ByteBuffer.allocate(Long.BYTES * link.seqs().length);
        numbers.asLongBuffer().put(link.seqs());
        return new Content()
                .add(LINK)
                .add(Long.toString(link.number()))
                .add(Long.toString(link.lastSeq()))
                .add(numbers.array())
                .add(link.digests())
                .add(link.previous())
                .digest();
    }

    /** Parts with their lengths, so that no two contents have the same bytes. */
    private static final class Content {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        private final DataOutputStream out = new DataOutputStream(bytes);

        Content add(@Nullable String text) {
            return text == null ? length(-1) : add(text.getBytes(StandardCharsets.UTF_8));
        }

        Content add(byte[] part) {
            length(part.length);
            bytes.writeBytes(part);
            return this;
        }

        private Content length(int length) {
            try {
                out.writeInt(length);
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException("in memory", e);
            }
        }

        byte[] digest() {
            try {
                return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
