package org.careloop.audittrail.internal;

import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.careloop.audittrail.AuditAgent;
import org.careloop.audittrail.AuditRow;
import org.jspecify.annotations.Nullable;

/** Rows as the functions of the database take them. */
public final class AuditRows {

    public static final String INSERT =
            "select audit_answers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

    /** An index takes no longer keys, and no name of anything here is as long. */
    private static final int LONGEST_NAME = 200;

    private static final int LONGEST_QUERY = 8000;

    private AuditRows() {}

    public static Tuple parameters(List<AuditRow> rows) {
        List<Object> arrays = new ArrayList<>();
        arrays.add(names(rows, row -> Optional.of(row.interaction())));
        arrays.add(array(rows, row -> (short) row.status(), Short[]::new));
        arrays.add(names(rows, row -> row.agent().client()));
        arrays.add(names(rows, row -> row.agent().person()));
        arrays.add(names(rows, row -> row.agent().role()));
        arrays.add(names(rows, row -> row.agent().organization()));
        arrays.add(names(rows, row -> row.agent().onBehalf()));
        arrays.add(names(rows, row -> row.agent().address()));
        arrays.add(array(rows, row -> String.join(" ", row.subject().patients()), String[]::new));
        arrays.add(names(rows, row -> row.subject().type()));
        arrays.add(names(rows, row -> row.subject().id()));
        arrays.add(array(rows, row -> row.subject().version().orElse(null), Long[]::new));
        arrays.add(array(rows, row -> query(row.question().query()), String[]::new));
        arrays.add(names(rows, row -> row.question().purpose()));
        arrays.add(names(rows, row -> row.question().correlation()));
        arrays.add(array(rows, row -> row.subject().results().orElse(null), Integer[]::new));
        arrays.add(array(rows, row -> row.problem().map(Integer::shortValue).orElse(null), Short[]::new));
        return Tuple.wrap(arrays);
    }

    /** What tells of a writer, in the order of the parameters of {@code audited}. */
    public static List<@Nullable Object> parameters(AuditAgent agent, AuditRow.Question question) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(name(agent.client()));
        values.add(name(agent.person()));
        values.add(name(agent.role()));
        values.add(name(agent.organization()));
        values.add(name(agent.onBehalf()));
        values.add(name(agent.address()));
        values.add(query(question.query()));
        values.add(name(question.purpose()));
        values.add(name(question.correlation()));
        return values;
    }

    private static String[] names(List<AuditRow> rows, Function<AuditRow, Optional<String>> column) {
        return array(rows, row -> name(column.apply(row)), String[]::new);
    }

    private static <T> T[] array(
            List<AuditRow> rows, Function<AuditRow, @Nullable T> column, IntFunction<T[]> newArray) {
        return rows.stream().map(column).toArray(newArray);
    }

    private static @Nullable String name(Optional<String> value) {
        return value.map(text -> clean(text, LONGEST_NAME)).orElse(null);
    }

    private static @Nullable String query(Optional<String> value) {
        return value.map(text -> clean(text, LONGEST_QUERY)).orElse(null);
    }

    /** PostgreSQL's text has no NUL. */
    private static String clean(String text, int longest) {
        String cut = text.length() > longest ? text.substring(0, longest) : text;
        return cut.indexOf('\0') < 0 ? cut : cut.replace("\0", "");
    }
}
