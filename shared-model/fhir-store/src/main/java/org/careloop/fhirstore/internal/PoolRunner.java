package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs each statement on a connection of the pool, in a transaction of its own. */
public final class PoolRunner implements SqlRunner {

    private final Pool pool;

    public PoolRunner(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<List<Object[]>> run(String sql, Object... parameters) {
        return pool.preparedQuery(sql)
                .execute(Tuple.wrap(new ArrayList<>(Arrays.asList(parameters))))
                .map(PoolRunner::rows);
    }

    /** Runs a statement without parameters or rows, such as one that no plan can be kept of. */
    public Uni<Void> statement(String sql) {
        return pool.query(sql).execute().replaceWithVoid();
    }

    private static List<Object[]> rows(RowSet<Row> set) {
        List<Object[]> rows = new ArrayList<>(set.size());
        for (Row row : set) {
            Object[] values = new Object[row.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = row.getDelegate().getValue(i);
            }
            rows.add(values);
        }
        return rows;
    }
}
