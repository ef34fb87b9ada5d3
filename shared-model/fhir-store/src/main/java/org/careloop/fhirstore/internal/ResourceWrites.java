package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.IndexEntries;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.RequestTrace;
import org.careloop.fhirstore.StoredResource;
import org.hl7.fhir.r4.model.Resource;

/** The statements that write: resource, index and outbox in one round trip each. */
public final class ResourceWrites {

    private static final String REFERENCES = "unnest($9::bigint[], $10::bigint[]) as u (parameter, target)";
    private static final String STRINGS = "unnest($11::bigint[], $12::text[]) as u (parameter, folded)";
    private static final String DATES =
            "unnest($13::bigint[], $14::timestamptz[], $15::timestamptz[]) as u (parameter, low, high)";
    private static final String NUMBERS =
            "unnest($16::bigint[], $17::float8[], $18::float8[]) as u (parameter, low, high)";

    private static final String OUTBOX = """
            o as (insert into outbox (event_id, type, id, version, change, key, trace, occurred)
              select $19, $1, $2, $4, $20, $21, $22, $5 from r)
            select rid from r""";

    private static final String CREATE = """
            with r as (insert into resource (type, id, ref, version, changed, patient, tokens, body, author, combined)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $23, $24) on conflict (type, id) do nothing returning rid),
            t as (insert into token_index select k, rid from r, unnest($7::bigint[]) k),
            f as (insert into reference_index select u.parameter, u.target, rid from r, %s),
            s as (insert into string_index select u.parameter, u.folded, rid from r, %s),
            d as (insert into date_index select u.parameter, u.low, u.high, rid from r, %s),
            n as (insert into number_index select u.parameter, u.low, u.high, rid from r, %s),
            c as (insert into combined_index select k, $5, rid from r, unnest($24::bigint[]) k),
            """.formatted(REFERENCES, STRINGS, DATES, NUMBERS) + OUTBOX;

    /** Writes the difference alone; the sets that are deleted and inserted never meet, as one statement requires. */
    private static final String UPDATE = """
            with old as (select * from resource where type = $1 and id = $2 and ref = $3 and version = $23 for update),
            h as (insert into resource_history select type, id, version, changed, deleted, patient, body from old),
            r as (update resource set version = $4, changed = $5, deleted = $24, patient = $6, tokens = $7, body = $8, combined = $25
              from old where resource.rid = old.rid returning resource.rid),
            td as (delete from token_index i using old
              where i.rid = old.rid and i.h = any(old.tokens) and not i.h = any($7)),
            ti as (insert into token_index select k, rid from old, unnest($7::bigint[]) k where not k = any(old.tokens)),
            cd as (delete from combined_index i using old
              where i.h = any(old.combined) and i.changed = old.changed and i.rid = old.rid),
            ci as (insert into combined_index select k, $5, rid from old, unnest($25::bigint[]) k),
            """
            + replaced(
                    "reference_index",
                    "u.parameter = i.parameter and u.target = i.target",
                    "u.parameter, u.target",
                    REFERENCES)
            + replaced(
                    "string_index",
                    "u.parameter = i.parameter and u.folded = i.folded",
                    "u.parameter, u.folded",
                    STRINGS)
            + replaced(
                    "date_index",
                    "u.parameter = i.parameter and u.low = i.low and u.high = i.high",
                    "u.parameter, u.low, u.high",
                    DATES)
            + replaced(
                    "number_index",
                    "u.parameter = i.parameter and u.low = i.low and u.high = i.high",
                    "u.parameter, u.low, u.high",
                    NUMBERS)
            + OUTBOX;

    private static String replaced(String table, String same, String columns, String values) {
        return """
            %1$s_d as (delete from %1$s i using old
              where i.rid = old.rid and not exists (select 1 from %4$s where %2$s)),
            %1$s_i as (insert into %1$s select %3$s, rid from old, %4$s
              where not exists (select 1 from %1$s i where i.rid = old.rid and %2$s)),
            """.formatted(table, same, columns, values);
    }

    private final SqlRunner sql;
    private final List<CombinedIndex> combined;

    public ResourceWrites(SqlRunner sql, List<CombinedIndex> combined) {
        this.sql = sql;
        this.combined = combined;
    }

    /**
     * Stores {@code resource}, whose id is set, as version 1; empty when the id is taken, also by a deleted one.
     *
     * @param author id of the Organization that makes it
     */
    public Uni<Optional<StoredResource>> create(Resource resource, Optional<String> author) {
        return HeavyWork.run(FhirJson.sizeOf(resource), () -> {
                    Prepared prepared = Prepared.of(resource, 1, Change.CREATED, author, combined, new Object[24]);
                    prepared.parameters[22] = author.orElse(null);
                    return prepared;
                })
                .chain(prepared -> run(CREATE, prepared));
    }

    /** Replaces {@code current} by {@code resource}; empty when another version is current meanwhile. */
    public Uni<Optional<StoredResource>> update(Resource resource, StoredResource current) {
        return HeavyWork.run(FhirJson.sizeOf(resource), () -> {
                    Prepared prepared = Prepared.of(
                            resource,
                            current.version() + 1,
                            Change.UPDATED,
                            current.author(),
                            combined,
                            new Object[25]);
                    prepared.parameters[22] = current.version();
                    prepared.parameters[23] = false;
                    return prepared;
                })
                .chain(prepared -> run(UPDATE, prepared));
    }

    /** Marks {@code current} deleted as a version of its own; empty when another version is current. */
    public Uni<Optional<StoredResource>> delete(StoredResource current) {
        Instant now = now();
        Object[] parameters = new Object[25];
        IndexEntries none = IndexEntries.none(
                IndexEntries.of(FhirJson.parse(current.body().getBytes())).patient());
        fill(parameters, current.key(), current.version() + 1, now, current.body(), none, Change.DELETED);
        parameters[22] = current.version();
        parameters[23] = true;
        return run(
                UPDATE,
                new Prepared(
                        parameters, current.key(), current.version() + 1, now, true, current.body(), current.author()));
    }

    /** What a write statement takes, and what it leaves when it finds the version that it expects. */
    private record Prepared(
            Object[] parameters,
            ResourceKey key,
            long version,
            Instant changed,
            boolean deleted,
            Buffer body,
            Optional<String> author) {

        static Prepared of(
                Resource resource,
                long version,
                Change change,
                Optional<String> author,
                List<CombinedIndex> combined,
                Object[] parameters) {
            Instant now = now();
            ResourceKey key = stamp(resource, version, now);
            Buffer body = Buffer.buffer(FhirJson.write(resource));
            fill(parameters, key, version, now, body, IndexEntries.of(resource, combined), change);
            return new Prepared(parameters, key, version, now, false, body, author);
        }

        StoredResource stored(long row) {
            return new StoredResource(key, version, changed, deleted, body, row, author);
        }
    }

    private Uni<Optional<StoredResource>> run(String text, Prepared prepared) {
        return sql.run(text, prepared.parameters)
                .map(rows -> rows.stream().findFirst().map(row -> prepared.stored((Long) row[0])));
    }

    /**
     * Tells whether {@code next} says what {@code current} says: stamped alike, it is written as the same bytes, because
     * one encoder wrote both.
     */
    public static boolean same(StoredResource current, Resource next) {
        stamp(next, current.version(), current.changed());
        return Arrays.equals(FhirJson.write(next), current.body().getBytes());
    }

    private static ResourceKey stamp(Resource resource, long version, Instant now) {
        resource.getMeta().setVersionId(Long.toString(version)).setLastUpdated(Date.from(now));
        return ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart());
    }

    private static void fill(
            Object[] parameters,
            ResourceKey key,
            long version,
            Instant now,
            Buffer body,
            IndexEntries entries,
            Change change) {
        OffsetDateTime changed = now.atOffset(ZoneOffset.UTC);
        parameters[0] = key.type();
        parameters[1] = key.id().value();
        parameters[2] = IndexHash.ofTarget(key.reference());
        parameters[3] = version;
        parameters[4] = changed;
        parameters[5] = entries.patient().orElse(null);
        parameters[7] = body;
        IndexArrays.fill(parameters, entries);
        // The last one in both statements.
        parameters[parameters.length - 1] = entries.combined().toArray(Long[]::new);
        parameters[18] = UUID.randomUUID();
        parameters[19] = change.word();
        parameters[20] = entries.patient().map(patient -> "Patient/" + patient).orElse(key.reference());
        parameters[21] = RequestTrace.current().orElse(null);
    }

    /** FHIR's {@code meta.lastUpdated} has milliseconds; more in the column would make equal times differ. */
    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
