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
              select seq, rid from reference_to_move where due <= now() order by due, seq limit $1) f group by rid) q
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

    /** What could not be moved has a time of its own. */
    private static final String NOT_LATER = """
            and not exists (select from reference_to_move q where q.rid = r.rid and q.attempts > 0 and q.due > now())
            """;

    private static final String REFERRING = """
            select r.rid, r.type, r.id from resource r where r.rid > $1 and not r.deleted and r.type <> $2 and r.rid in (
              select rid from resource where patient = $3 and not deleted
              union select rid from reference_index where parameter = any($4::bigint[]) and target = $5)
            """ + NOT_LATER + "order by r.rid limit $6";

    private static final String MENTIONING = """
            select r.rid, r.type, r.id from resource r where r.rid > $1 and r.rid <= $2 and not r.deleted and r.type <> $3
              and exists (select from unnest($4::text[]) m (text) where position(convert_to(m.text, 'UTF8') in r.body) > 0)
            """ + NOT_LATER + "order by r.rid";

    private static final String MOVED = """
            select m.seq, r.type, r.id from moved_reference m join resource r on r.type = m.type and r.id = m.id
            where m.replaced = $1 and m.seq > $2
              and exists (select from unnest($3::text[]) f (text) where position(convert_to(f.text, 'UTF8') in r.body) > 0)
            """ + NOT_LATER + "order by m.seq limit $4";

    /** Twice as long each time: 2 seconds, up to an hour. */
    private static final String LATER = """
            with row as (select rid from resource where type = $1 and id = $2),
            waiting as (
              update reference_to_move q set attempts = attempts + 1,
                due = now() + least(interval '1 hour', interval '2 seconds' * power(2, least(attempts, 20)))
              from row where q.rid = row.rid returning q.rid)
            insert into reference_to_move (rid, attempts, due) select rid, 1, now() + interval '2 seconds' from row
            where not exists (select from waiting)""";

    private static final String WAITING = """
            select (select count(*) from reference_to_move where attempts > 0),
              (select count(*) from replaced_record where not swept)""";

    /** What was overwritten since is theirs no more. */
    private static final String RETURNED = """
            with told as (update replaced_record set former = '{}', swept = survivor is null
              where replaced = $1 and version = $2 returning replaced, survivor)
            delete from moved_reference m using told where told.survivor is null and m.replaced = told.replaced
              and not exists (select from reference_to_move q join resource r on r.rid = q.rid
                where r.type = m.type and r.id = m.id)""";

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

    /** A row of the store, behind those with lower numbers. */
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
        return pool.run(MENTIONING, after, until, patients, texts(ids)).map(ReferenceWork::rows);
    }

    private static String[] texts(Collection<String> ids) {
        return ids.stream()
                .map(id -> Compartment.patient(id).reference() + "\"")
                .toArray(String[]::new);
    }

    /** Returns the number of the last row. */
    public Uni<Long> lastRow() {
        return pool.run("select coalesce(max(rid), 0) from resource").map(rows -> (Long) rows.getFirst()[0]);
    }

    /**
     * Returns up to {@code most} of what was moved from {@code replaced} to one who stood for them, behind {@code after}, which is the
     * {@link Row#number} of the last.
     */
    public Uni<List<Row>> moved(Replaced replaced, long after, int most) {
        List<String> former = replaced.former().stream()
                .filter(id -> !replaced.survivor().equals(Optional.of(id)))
                .toList();
        return pool.run(MOVED, replaced.patient(), after, texts(former), most).map(ReferenceWork::rows);
    }

    /** Lets {@code key}, which could not be moved, wait, longer than before; the others pass. */
    public Uni<Void> later(ResourceKey key) {
        return pool.run(LATER, key.type(), key.id().value()).replaceWithVoid();
    }

    /**
     * What waits.
     *
     * @param failed how many resources could not be moved, and are tried again
     * @param patients how many patients have not been followed by all that refers to them
     */
    public record Waiting(long failed, long patients) {}

    /** Returns what waits. */
    public Uni<Waiting> waiting() {
        return pool.run(WAITING).map(rows -> new Waiting((Long) rows.getFirst()[0], (Long) rows.getFirst()[1]));
    }

    /** Keeps that all that means {@code replaced} and was moved to another is where it belongs now, or waits as {@link #later}. */
    public Uni<Void> returned(Replaced replaced) {
        return pool.run(RETURNED, replaced.patient(), replaced.version()).replaceWithVoid();
    }

    /** Keeps that all that refers to {@code replaced} has followed, or waits as {@link #later}. */
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
