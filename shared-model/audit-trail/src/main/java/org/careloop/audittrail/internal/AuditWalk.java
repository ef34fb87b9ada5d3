package org.careloop.audittrail.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.careloop.audittrail.AuditVerification.Fault;
import org.careloop.audittrail.AuditVerification.Kind;
import org.careloop.audittrail.AuditVerification.Report;

/** One walk along the chain, in one snapshot of the database. */
public final class AuditWalk {

    private static final String PRUNED =
            "select coalesce(max(version), 0) from audit_event where interaction = 'prune'";
    private static final String UNSEALED =
            "select count(*) from audit_event where seq > coalesce((select max(last_seq) from audit_seal), 0)";
    private static final String NEXT =
            "select " + AuditLink.COLUMNS + " from audit_seal where number >= ? order by number limit 1";
    private static final String ROWS =
            "select " + AuditDigests.COLUMNS + " from audit_event where seq > ? and seq <= ? order by seq";

    private final Connection connection;
    private final Optional<Map<Long, String>> heads;
    private long seals;
    private long rows;
    private Optional<Fault> broken = Optional.empty();

    /** Where the walk stands: after this link. */
    private record Place(long number, long lastSeq, byte[] digest) {}

    public AuditWalk(Connection connection, Optional<Map<Long, String>> heads) {
        this.connection = connection;
        this.heads = heads;
    }

    /** Walks the links from {@code first} on, until about {@code most} rows were read. */
    public Report from(long first, long most) throws SQLException {
        long pruned = number(PRUNED);
        Place place = start(first);
        Optional<Place> reached = Optional.of(place);
        while (broken.isEmpty() && reached.isPresent() && rows < most) {
            place = reached.get();
            reached = step(place, pruned);
        }
        if (broken.isEmpty() && reached.isEmpty()) {
            broken = cutOff(place.number());
        }
        return report(pruned, broken.isPresent() ? Optional.empty() : reached.map(at -> at.number() + 1), broken);
    }

    private Report report(long pruned, Optional<Long> next, Optional<Fault> fault) throws SQLException {
        return new Report(fault.isEmpty(), seals, rows, pruned, number(UNSEALED), heads.map(Map::size), next, fault);
    }

    /** The link before {@code first}; a walk that goes on trusts what the one before compared. */
    private Place start(long first) throws SQLException {
        if (first <= 1) {
            return new Place(0, Long.MIN_VALUE, AuditDigests.START);
        }
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setLong(1, first - 1);
            ResultSet row = statement.executeQuery();
            if (row.next() && row.getLong(1) == first - 1) {
                return new Place(first - 1, row.getLong(2), row.getBytes(6));
            }
            broken = Optional.of(new Fault(Kind.SEAL_REMOVED, first - 1, Optional.empty()));
            return new Place(first - 1, 0, AuditDigests.START);
        }
    }

    /** Goes to the next link; empty at the end of the chain, or where it is broken. */
    private Optional<Place> step(Place place, long pruned) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setLong(1, place.number() + 1);
            ResultSet row = statement.executeQuery();
            if (!row.next()) {
                return Optional.empty();
            }
            AuditLink link = AuditLink.of(row);
            byte[] digest = row.getBytes(6);
            broken = broken(place, link, digest);
            if (broken.isEmpty()) {
                broken = compare(place.lastSeq(), link, link.number() <= pruned);
            }
            seals++;
            return broken.isPresent()
                    ? Optional.empty()
                    : Optional.of(new Place(link.number(), link.lastSeq(), digest));
        }
    }

    private Optional<Fault> broken(Place place, AuditLink link, byte[] digest) {
        if (link.number() != place.number() + 1) {
            return at(Kind.SEAL_REMOVED, place.number() + 1);
        }
        if (!Arrays.equals(digest, AuditDigests.ofLink(link)) || !Arrays.equals(link.previous(), place.digest())) {
            return at(Kind.SEAL_CHANGED, link.number());
        }
        String told = heads.map(known -> known.get(link.number())).orElse(null);
        return told == null || told.equals(HexFormat.of().formatHex(digest))
                ? Optional.empty()
                : at(Kind.REWRITTEN, link.number());
    }

    private static Optional<Fault> at(Kind kind, long seal) {
        return Optional.of(new Fault(kind, seal, Optional.empty()));
    }

    private Optional<Fault> compare(long after, AuditLink link, boolean pruned) throws SQLException {
        int place = 0;
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setLong(1, after);
            statement.setLong(2, link.lastSeq());
            ResultSet found = statement.executeQuery();
            while (found.next()) {
                rows++;
                long seq = found.getLong(1);
                Optional<Kind> kind = place == link.seqs().length || pruned || seq < link.seqs()[place]
                        ? Optional.of(Kind.ROW_INSERTED)
                        : seq > link.seqs()[place]
                                ? Optional.of(Kind.ROW_REMOVED)
                                : Arrays.equals(AuditDigests.ofRow(found), link.digestAt(place))
                                        ? Optional.empty()
                                        : Optional.of(Kind.ROW_CHANGED);
                if (kind.isPresent()) {
                    long where = kind.get() == Kind.ROW_REMOVED ? link.seqs()[place] : seq;
                    return Optional.of(new Fault(kind.get(), link.number(), Optional.of(where)));
                }
                place++;
            }
        }
        return pruned || place == link.seqs().length
                ? Optional.empty()
                : Optional.of(new Fault(Kind.ROW_REMOVED, link.number(), Optional.of(link.seqs()[place])));
    }

    private Optional<Fault> cutOff(long last) {
        return heads.flatMap(known -> known.keySet().stream()
                .filter(number -> number > last)
                .max(Long::compare)
                .map(number -> new Fault(Kind.CUT_OFF, last + 1, Optional.empty())));
    }

    private long number(String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
