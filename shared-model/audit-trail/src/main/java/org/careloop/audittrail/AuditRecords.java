package org.careloop.audittrail;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the trail. */
@Singleton
public class AuditRecords {

    private static final String COLUMNS =
            "seq, recorded, interaction, status, client, person, role, organization, on_behalf,"
                    + " address, patients, type, id, version, query, purpose, correlation, results, problem";

    private final Pool pool;

    AuditRecords(Pool pool) {
        this.pool = pool;
    }

    /** Returns the newest rows, at most {@code most}. */
    public Uni<List<RecordedAnswer>> find(AuditCriteria criteria, int most) {
        return pool.preparedQuery("select " + COLUMNS + " from audit_answer where " + criteria.where()
                        + " order by recorded desc, seq desc limit " + most)
                .execute(Tuple.wrap(new ArrayList<>(criteria.parameters())))
                .map(rows -> {
                    List<RecordedAnswer> found = new ArrayList<>();
                    rows.forEach(row -> found.add(recorded(row)));
                    return found;
                });
    }

    /** Returns how many rows there are. */
    public Uni<Long> count(AuditCriteria criteria) {
        return pool.preparedQuery("select count(*) from audit_answer where " + criteria.where())
                .execute(Tuple.wrap(new ArrayList<>(criteria.parameters())))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private static RecordedAnswer recorded(Row row) {
        return new RecordedAnswer(
                row.getLong("seq"),
                row.getOffsetDateTime("recorded").toInstant(),
                new AuditRow(
                        row.getString("interaction"),
                        row.getShort("status"),
                        new AuditAgent(
                                text(row, "client"),
                                text(row, "person"),
                                text(row, "role"),
                                text(row, "organization"),
                                text(row, "on_behalf"),
                                text(row, "address")),
                        new AuditRow.Subject(
                                Set.of(row.getArrayOfStrings("patients")),
                                text(row, "type"),
                                text(row, "id"),
                                Optional.ofNullable(row.getLong("version")),
                                Optional.ofNullable(row.getInteger("results"))),
                        new AuditRow.Question(text(row, "query"), text(row, "purpose"), text(row, "correlation")),
                        Optional.ofNullable(row.getShort("problem")).map(Short::intValue)));
    }

    private static Optional<String> text(Row row, String column) {
        return Optional.ofNullable(row.getString(column));
    }
}
