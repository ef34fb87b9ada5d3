package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.IndexEntries;
import org.careloop.fhirstore.internal.IndexRewrite;
import org.careloop.fhirstore.internal.PoolRunner;

/**
 * Indexes stored resources anew, for whatever was stored before the index had its present form: no version is made and nothing
 * is told. Each batch is a transaction that waits for nobody: a row that somebody changes at the moment is left to them.
 */
@Singleton
public class Reindexing {

    /** As the index {@code resource_outdated} has it; a parameter in the place of the number would not use that. */
    private static final String OUTDATED = "index_version < " + IndexEntries.VERSION + " and not deleted";

    private static final String LEFT = "select count(*) from resource where " + OUTDATED;
    private static final String NEXT_OUTDATED =
            "select rid from resource where " + OUTDATED + " and rid > $1 order by rid limit $2";
    private static final String NEXT_OF_TYPE =
            "select rid from resource where type = $3 and not deleted and rid > $1 order by rid limit $2";
    /** What a newer release indexed, while instances of both run, is not brought back. */
    private static final String LOCK = "select rid, type, id, body from resource where rid = any($1) and not deleted"
            + " and index_version <= " + IndexEntries.VERSION + " order by rid for update skip locked";

    private static final String PRESENT =
            "select rid from resource where rid = any($1) and not deleted and index_version <= " + IndexEntries.VERSION;

    private final Pool pool;
    private final PoolRunner sql;
    private final ResourceStore store;

    Reindexing(Pool pool, ResourceStore store) {
        this.pool = pool;
        this.sql = new PoolRunner(pool);
        this.store = store;
    }

    /**
     * What became of a batch.
     *
     * @param done how many resources are up to date now
     * @param held rows that somebody else had locked
     * @param unreadable what cannot be indexed, because its body cannot be read
     */
    public record Outcome(int done, List<Long> held, List<Unreadable> unreadable) {}

    /** A stored resource that this release cannot read. */
    public record Unreadable(long row, String key, String cause) {}

    /** Returns how many resources are indexed in an older format: searches may not find them. */
    public Uni<Long> left() {
        return sql.run(LEFT).map(rows -> (Long) rows.getFirst()[0]);
    }

    /** Returns rows behind {@code after} that are indexed in an older format, lowest first. */
    public Uni<List<Long>> outdated(long after, int most) {
        return sql.run(NEXT_OUTDATED, after, most).map(Reindexing::rows);
    }

    /** Returns rows of {@code type} behind {@code after}, lowest first. */
    public Uni<List<Long>> ofType(String type, long after, int most) {
        return sql.run(NEXT_OF_TYPE, after, most, type).map(Reindexing::rows);
    }

    /** Returns the configured combined indexes that do not hold all that is stored yet. */
    public Uni<List<CombinedIndex>> unfilled() {
        return sql.run("select pair from combined_index_filled").map(rows -> {
            Set<Object> filled = new HashSet<>(rows(rows, row -> row[0]));
            return store.combinedIndexes().stream()
                    .filter(index -> !filled.contains(index.toString()))
                    .toList();
        });
    }

    /** Keeps that {@code index} holds all that is stored, so that searches may use it. */
    public Uni<Void> keepFilled(CombinedIndex index) {
        return sql.run("insert into combined_index_filled (pair) values ($1) on conflict do nothing", index.toString())
                .replaceWithVoid();
    }

    /** Indexes {@code rows} in one transaction. Those that were deleted meanwhile have nothing to index. */
    public Uni<Outcome> reindex(List<Long> rows) {
        return pool.withTransaction(connection -> lock(connection, rows)
                .chain(locked -> HeavyWork.always(() -> IndexRewrite.of(locked, store.combinedIndexes())))
                .chain(rewrites -> write(connection, rewrites)
                        .chain(() -> held(connection, rows, rewrites))
                        .map(held -> outcome(rewrites, held))));
    }

    private static Uni<List<IndexRewrite.Locked>> lock(SqlConnection connection, List<Long> rows) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(rows.toArray(Long[]::new)))
                .map(found -> {
                    List<IndexRewrite.Locked> locked = new ArrayList<>();
                    found.forEach(row -> locked.add(new IndexRewrite.Locked(
                            row.getLong(0),
                            row.getString(1) + "/" + row.getString(2),
                            ((Buffer) row.getDelegate().getValue(3)).getBytes())));
                    return locked;
                });
    }

    private static Uni<Void> write(SqlConnection connection, List<IndexRewrite> rewrites) {
        List<Tuple> calls = rewrites.stream()
                .flatMap(rewrite -> rewrite.parameters().stream())
                .map(Tuple::wrap)
                .toList();
        return calls.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery(IndexRewrite.CALL)
                        .executeBatch(calls)
                        .replaceWithVoid();
    }

    private static Uni<List<Long>> held(SqlConnection connection, List<Long> rows, List<IndexRewrite> rewrites) {
        Set<Long> others = new HashSet<>(rows);
        rewrites.forEach(rewrite -> others.remove(rewrite.locked().row()));
        return others.isEmpty()
                ? Uni.createFrom().item(List.of())
                : connection
                        .preparedQuery(PRESENT)
                        .execute(Tuple.of(others.toArray(Long[]::new)))
                        .map(found -> {
                            List<Long> held = new ArrayList<>();
                            found.forEach(row -> held.add(row.getLong(0)));
                            return held;
                        });
    }

    private static Outcome outcome(List<IndexRewrite> rewrites, List<Long> held) {
        List<Unreadable> unreadable = rewrites.stream()
                .flatMap(rewrite -> rewrite.fault().stream()
                        .map(cause -> new Unreadable(
                                rewrite.locked().row(), rewrite.locked().key(), cause)))
                .toList();
        return new Outcome(rewrites.size() - unreadable.size(), held, unreadable);
    }

    private static List<Long> rows(List<Object[]> rows) {
        return rows(rows, row -> (Long) row[0]);
    }

    private static <T> List<T> rows(Collection<Object[]> rows, Function<Object[], T> value) {
        return rows.stream().map(value).toList();
    }
}
