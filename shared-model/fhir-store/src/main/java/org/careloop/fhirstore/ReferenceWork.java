package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.SearchParameter;
import org.careloop.fhirsearch.SearchParameters;
import org.careloop.fhirstore.MoveReferences.Moved;
import org.careloop.fhirstore.MoveReferences.Noted;
import org.careloop.fhirstore.internal.PoolRunner;

/**
 * What {@link MoveReferences} has to do. First what the index finds, because that is seen; then every body is looked through, because
 * not every reference is indexed. Patients themselves are left: their links say who replaced whom, and whoever merges writes them.
 */
@Singleton
public class ReferenceWork {

    private static final String NOTED = """
            select q.seqs, r.type, r.id from (select rid, array_agg(seq) as seqs from (
              select seq, rid from reference_to_move order by seq limit $1) f group by rid) q
            left join resource r on r.rid = q.rid and not r.deleted order by q.rid""";

    private static final String WITHOUT_BARRIER =
            "select replaced, version from replaced_record where not swept and barrier is null";

    /** Of the version that was seen before: it was there for all to see when this statement began. */
    private static final String SET_BARRIER = """
            update replaced_record set barrier = pg_snapshot_xmax(pg_current_snapshot())
            where replaced = $1 and version = $2 and barrier is null""";

    private static final String UNSWEPT = """
            select replaced, version, survivor, former, pg_snapshot_xmin(pg_current_snapshot()) >= barrier
            from replaced_record where not swept and barrier is not null order by replaced""";

    private static final String REFERRING = """
            select r.rid, r.type, r.id from resource r where r.rid > $1 and not r.deleted and r.type <> $2 and r.rid in (
              select rid from resource where patient = $3 and not deleted
              union select rid from reference_index where parameter = any($4::bigint[]) and target = $5)
            order by r.rid limit $6""";

    private static final String MENTIONING = """
            select r.rid, r.type, r.id from resource r where r.rid > $1 and r.rid <= $2 and not r.deleted and r.type <> $3
              and exists (select from unnest($4::text[]) m (text) where position(convert_to(m.text, 'UTF8') in r.body) > 0)
            order by r.rid""";

    private static final String MOVED = """
            select seq, type, id, pointers, shared from moved_reference where replaced = $1 and seq > $2 order by seq limit $3""";

    private static final String RETURNED =
            "update replaced_record set former = '{}', swept = survivor is null where replaced = $1 and version = $2";

    private static final String SWEPT = "update replaced_record set swept = true where replaced = $1 and version = $2";

    private final PoolRunner pool;
    private final String patients = Compartment.patient("x").type();
    private final Long[] parameters;

    ReferenceWork(ResourceStore store, Pool pool) {
        this.pool = new PoolRunner(pool);
        this.parameters = store.types().stream()
                .flatMap(type -> SearchParameters.of(type).values().stream()
                        .filter(parameter -> parameter.kind() == SearchParameter.Kind.REFERENCE)
                        .map(parameter -> IndexHash.ofParameter(type, parameter.name())))
                .toArray(Long[]::new);
    }

    /**
     * A patient who was replaced, or is so no more.
     *
     * @param survivor the id of who stands for them now
     * @param former who stood for them, and has still what was theirs
     * @param quiet whether all transactions have ended that may not know of it
     */
    public record Replaced(
            String patient, long version, Optional<String> survivor, List<String> former, boolean quiet) {}

    /** A row of the store. */
    public record Row(long number, ResourceKey key) {

        /** The same as what is to be moved. */
        public Noted noted() {
            return new Noted(Optional.of(key), new Long[0]);
        }
    }

    /** Returns up to {@code most} of what was written while, or after, what it refers to was replaced, oldest first. */
    public Uni<List<Noted>> noted(int most) {
        return pool.run(NOTED, most)
                .map(rows -> rows.stream()
                        .map(row -> new Noted(Optional.ofNullable(row[1]).map(type -> key(row, 1)), (Long[]) row[0]))
                        .toList());
    }

    /** Returns the patients whose references have not all followed. */
    public Uni<List<Replaced>> unswept() {
        return pool.run(WITHOUT_BARRIER)
                .chain(rows -> InTurn.each(rows, row -> pool.run(SET_BARRIER, row[0], row[1])))
                .chain(() -> pool.run(UNSWEPT))
                .map(rows -> rows.stream()
                        .map(row -> new Replaced(
                                (String) row[0],
                                (Long) row[1],
                                Optional.ofNullable((String) row[2]),
                                Arrays.asList((String[]) row[3]),
                                (Boolean) row[4]))
                        .toList());
    }

    /** Returns up to {@code most} rows behind {@code after} that are in the record of {@code patient}, or refer to them by the index. */
    public Uni<List<Row>> referring(String patient, long after, int most) {
        long target = IndexHash.ofTarget(Compartment.patient(patient).reference());
        return pool.run(REFERRING, after, patients, patient, parameters, target, most)
                .map(ReferenceWork::rows);
    }

    /** Returns the rows behind {@code after} up to {@code until} in which one of {@code ids} stands anywhere as a reference. */
    public Uni<List<Row>> mentioning(Collection<String> ids, long after, long until) {
        String[] texts = ids.stream()
                .map(id -> Compartment.patient(id).reference() + "\"")
                .toArray(String[]::new);
        return pool.run(MENTIONING, after, until, patients, texts).map(ReferenceWork::rows);
    }

    /** Returns the number of the last row. */
    public Uni<Long> lastRow() {
        return pool.run("select coalesce(max(rid), 0) from resource").map(rows -> (Long) rows.getFirst()[0]);
    }

    /** Returns up to {@code most} of what was moved from {@code patient}, behind {@code after}. */
    public Uni<List<Moved>> moved(String patient, long after, int most) {
        return pool.run(MOVED, patient, after, most)
                .map(rows -> rows.stream()
                        .map(row -> new Moved(
                                (Long) row[0], key(row, 1), Arrays.asList((String[]) row[3]), (Boolean) row[4]))
                        .toList());
    }

    /** Keeps that all that was moved away from {@code replaced} and is theirs has come back. */
    public Uni<Void> returned(Replaced replaced) {
        return pool.run(RETURNED, replaced.patient(), replaced.version()).replaceWithVoid();
    }

    /** Keeps that all that refers to {@code replaced} has followed. */
    public Uni<Void> swept(Replaced replaced) {
        return pool.run(SWEPT, replaced.patient(), replaced.version()).replaceWithVoid();
    }

    private static List<Row> rows(List<Object[]> rows) {
        return rows.stream().map(row -> new Row((Long) row[0], key(row, 1))).toList();
    }

    private static ResourceKey key(Object[] row, int from) {
        return ResourceKey.of((String) row[from], (String) row[from + 1]);
    }
}
