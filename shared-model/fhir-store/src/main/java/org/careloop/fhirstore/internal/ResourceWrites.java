package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** The calls that write: resource, index and outbox in one round trip each, by functions of the database. */
public final class ResourceWrites {

    private static final String CREATE = call("create_resource");
    private static final String UPDATE = call("update_resource");
    private static final int INDEX = 7;
    private static final int TELLING = INDEX + IndexArrays.COUNT;
    private static final int PARAMETERS = TELLING + 4;

    private static String call(String function) {
        return IntStream.rangeClosed(1, PARAMETERS)
                .mapToObj(number -> "$" + number)
                .collect(Collectors.joining(", ", function + "(", ")"));
    }

    /** Calls the function if all that the parameter after its own names is here; else the answer is null. */
    private static String whereTargetsAre(String call) {
        return "select case when targets_are_here($" + (PARAMETERS + 1) + ") then " + call + " end";
    }

    private final SqlRunner sql;
    private final List<CombinedIndex> combined;

    public ResourceWrites(SqlRunner sql, List<CombinedIndex> combined) {
        this.sql = sql;
        this.combined = combined;
    }

    /**
     * Stores {@code resource}, whose id is set, as version 1; empty when the id is taken, also by a deleted one, or one of
     * {@code targets} is not here.
     *
     * @param author id of the Organization that makes it
     * @param targets keys of resources, see {@link IndexHash#ofTarget}
     */
    public Uni<Optional<StoredResource>> create(Resource resource, Optional<String> author, Set<Long> targets) {
        return HeavyWork.run(FhirJson.sizeOf(resource), () -> {
                    Prepared prepared = Prepared.of(resource, 1, Change.CREATED, author, combined);
                    prepared.parameters[2] = IndexHash.ofTarget(prepared.key.reference());
                    prepared.parameters[6] = author.orElse(null);
                    return prepared;
                })
                .chain(prepared -> run(CREATE, prepared, targets));
    }

    /**
     * Replaces {@code current} by {@code resource}; empty when another version is current meanwhile, or one of {@code targets}
     * is not here.
     *
     * @param targets keys of resources, see {@link IndexHash#ofTarget}
     */
    public Uni<Optional<StoredResource>> update(Resource resource, StoredResource current, Set<Long> targets) {
        return HeavyWork.run(FhirJson.sizeOf(resource), () -> {
                    Prepared prepared =
                            Prepared.of(resource, current.version() + 1, Change.UPDATED, current.author(), combined);
                    prepared.parameters[2] = current.version();
                    prepared.parameters[6] = false;
                    return prepared;
                })
                .chain(prepared -> run(UPDATE, prepared, targets));
    }

    /** Marks {@code current} deleted as a version of its own; empty when another version is current. */
    public Uni<Optional<StoredResource>> delete(StoredResource current) {
        Instant now = now();
        Object[] parameters = new Object[PARAMETERS];
        IndexEntries none = IndexEntries.none(
                IndexEntries.of(FhirJson.parse(current.body().getBytes())).patient());
        fill(parameters, current.key(), now, current.body(), none, Change.DELETED);
        parameters[2] = current.version();
        parameters[6] = true;
        return run(
                UPDATE,
                new Prepared(
                        parameters, current.key(), current.version() + 1, now, true, current.body(), current.author()),
                Set.of());
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
                Resource resource, long version, Change change, Optional<String> author, List<CombinedIndex> combined) {
            Instant now = now();
            ResourceKey key = stamp(resource, version, now);
            Buffer body = Buffer.buffer(FhirJson.write(resource));
            Object[] parameters = new Object[PARAMETERS];
            fill(parameters, key, now, body, IndexEntries.of(resource, combined), change);
            return new Prepared(parameters, key, version, now, false, body, author);
        }

        Object[] with(Set<Long> targets) {
            Object[] more = Arrays.copyOf(parameters, PARAMETERS + 1);
            more[PARAMETERS] = targets.toArray(Long[]::new);
            return more;
        }

        StoredResource stored(long row) {
            return new StoredResource(key, version, changed, deleted, body, row, author);
        }
    }

    private Uni<Optional<StoredResource>> run(String call, Prepared prepared, Set<Long> targets) {
        return (targets.isEmpty()
                        ? sql.run("select " + call, prepared.parameters)
                        : sql.run(whereTargetsAre(call), prepared.with(targets)))
                .map(rows -> Optional.ofNullable((Long) rows.getFirst()[0]).map(prepared::stored));
    }

    /**
     * Tells whether {@code next} says what {@code current} says: stamped alike, it is written as the same bytes, because
     * one encoder wrote both.
     */
    public static boolean same(StoredResource current, Resource next) {
        stamp(next, current.version(), current.changed());
        return Arrays.equals(FhirJson.write(next), current.body().getBytes());
    }

    /** As {@link #same(StoredResource, Resource)}, when {@code current} is parsed already; cheaper when they differ. */
    public static boolean same(StoredResource current, Resource previous, Resource next) {
        stamp(next, current.version(), current.changed());
        return previous.equalsDeep(next) && same(current, next);
    }

    private static ResourceKey stamp(Resource resource, long version, Instant now) {
        resource.getMeta().setVersionId(Long.toString(version)).setLastUpdated(Date.from(now));
        return ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart());
    }

    private static void fill(
            Object[] parameters, ResourceKey key, Instant now, Buffer body, IndexEntries entries, Change change) {
        parameters[0] = key.type();
        parameters[1] = key.id().value();
        parameters[3] = now.atOffset(ZoneOffset.UTC);
        parameters[4] = entries.patient().orElse(null);
        parameters[5] = body;
        IndexArrays.fill(parameters, INDEX, entries);
        parameters[TELLING] = UUID.randomUUID();
        parameters[TELLING + 1] = change.word();
        parameters[TELLING + 2] =
                entries.patient().map(patient -> "Patient/" + patient).orElse(key.reference());
        parameters[TELLING + 3] = RequestTrace.current().orElse(null);
    }

    /** FHIR's {@code meta.lastUpdated} has milliseconds; more in the column would make equal times differ. */
    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
