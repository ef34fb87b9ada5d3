package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.mutiny.impl.MutinySessionImpl;
import org.hibernate.reactive.pool.ReactiveConnection;

/**
 * Runs statements on the connection of a Hibernate Reactive session, so that resources commit together with the entities
 * of the session. Hibernate offers the connection in its service-provider interface only.
 */
public final class SessionRunner implements SqlRunner {

    private final ReactiveConnection connection;

    public SessionRunner(Mutiny.Session session) {
        this.connection = ((MutinySessionImpl) session).getReactiveConnection();
    }

    @Override
    public Uni<List<Object[]>> run(String sql, Object... parameters) {
        return Uni.createFrom()
                .completionStage(() -> connection.select(sql, parameters))
                .map(SessionRunner::rows);
    }

    /** Runs a statement without parameters or rows, such as one that no plan can be kept of. */
    public Uni<Void> statement(String sql) {
        return Uni.createFrom().completionStage(() -> connection.executeUnprepared(sql));
    }

    private static List<Object[]> rows(ReactiveConnection.Result result) {
        List<Object[]> rows = new ArrayList<>(result.size());
        result.forEachRemaining(rows::add);
        return rows;
    }
}
