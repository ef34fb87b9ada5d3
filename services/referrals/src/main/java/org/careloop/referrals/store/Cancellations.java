package org.careloop.referrals.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.careloop.fhirstore.UnitOfWork;

/** Which referrals their agencies cancelled, by the ids of their Tasks. */
@Singleton
public class Cancellations {

    private static final String KEEP = "insert into cancelled_by_agency (task) values ($1) on conflict do nothing";
    private static final String OF = "select task from cancelled_by_agency where task = any($1)";

    private final Pool pool;

    Cancellations(Pool pool) {
        this.pool = pool;
    }

    /** Keeps that its agency cancelled {@code task}. */
    public Uni<Void> keep(UnitOfWork unit, String task) {
        return unit.sql(KEEP, task).replaceWithVoid();
    }

    /** Returns those of {@code tasks} that their agencies cancelled. */
    public Uni<Set<String>> among(Collection<String> tasks) {
        if (tasks.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        return pool.preparedQuery(OF)
                .execute(Tuple.of(tasks.toArray(String[]::new)))
                .map(rows -> {
                    Set<String> found = new HashSet<>();
                    rows.forEach(row -> found.add(row.getString(0)));
                    return found;
                });
    }
}
