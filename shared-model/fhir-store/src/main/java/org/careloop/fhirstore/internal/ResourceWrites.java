package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careloop.audittrail.AuditedWrites;
import org.careloop.calleraccess.Caller;
import org.careloop.eventcontracts.Change;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.IndexEntries;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.RequestTrace;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.Write;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** The calls that write: resource, index and outbox in one round trip each, by functions of the database. */
public final class ResourceWrites {

    private static final int INDEX = 7;
    private static final int TELLING = INDEX + IndexArrays.COUNT;
    private static final int PARAMETERS = TELLING + 4;
    private static final String CREATE = call("create_resource");
    private static final String UPDATE = call("update_resource");
    private static final String AUDITED_CREATE = AuditedWrites.call(CREATE, 201, "$1", "$2", "1", PARAMETERS + 1);
    private static final String AUDITED_UPDATE = AuditedWrites.call(UPDATE, 200, "$1", "$2", "$3 + 1", PARAMETERS + 1);

    private static String call(String function) {
        return IntStream.rangeClosed(1, PARAMETERS)
                .mapToObj(number -> "$" + number)
                .collect(Collectors.joining(", ", function + "(", ")"));
    }

    /** Makes the call if all that {@code parameter} names is here; else the answer is null. */
    private static String whereTargetsAre(int parameter, String call) {
        return "select case when targets_are_here($" + parameter + ") then " + call + " end";
    }

    private final SqlRunner sql;
    private final List<CombinedIndex> combined;
    private final boolean audited;

    /** @param audited whether each write leaves a row in the audit trail */
    public ResourceWrites(SqlRunner sql, List<CombinedIndex> combined, boolean audited) {
        this.sql = sql;
        this.combined = combined;
        this.audited = audited;
    }

    /**
     * Stores {@code resource}, whose id is set, as version 1; empty when the id is taken, also by a deleted one, or one of
     * {@code targets} is not here.
     *
     * @param write who makes it, and the Organization that they make it for
     * @param targets keys of resources, see {@link IndexHash#ofTarget}
     */
    public Uni<Optional<StoredResource>> create(Resource resource, Write write, Set<Long> targets) {
        Optional<String> author = write.author();
        return HeavyWork.run(FhirJson.sizeOf(resource), () -> {
                    Prepared prepared = Prepared.of(resource, 1, Change.CREATED, author, combined);
                    prepared.parameters[2] =
                            IndexHash.ofTarget(prepared.left.key().reference());
                    prepared.parameters[6] = author.orElse(null);
                    return prepared;
                })
                .chain(prepared -> run(audited ? AUDITED_CREATE : CREATE, prepared, "create", write.caller(), targets));
    }

    /**
     * Replaces {@code current} by {@code resource}; empty when another version is current meanwhile, or one of {@code targets}
     * is not here.
     *
     * @param targets keys of resources, see {@link IndexHash#ofTarget}
     */
    public Uni<Optional<StoredResource>> update(
            Resource resource, StoredResource current, Caller caller, Set<Long> targets) {
        return HeavyWork.run(FhirJson.sizeOf(resource), () -> {
                    Prepared prepared =
                            Prepared.of(resource, current.version() + 1, Change.UPDATED, current.author(), combined);
                    prepared.parameters[2] = current.version();
                    prepared.parameters[6] = false;
                    return prepared.alsoOf(current.patient());
                })
                .chain(prepared -> run(audited ? AUDITED_UPDATE : UPDATE, prepared, "update", caller, targets));
    }

    /** Marks {@code current} deleted as a version of its own; empty when another version is current. */
    public Uni<Optional<StoredResource>> delete(StoredResource current, Caller caller) {
        Instant now = now();
        Object[] parameters = new Object[PARAMETERS];
        IndexEntries none = IndexEntries.none(
                IndexEntries.of(FhirJson.parse(current.body().getBytes())).patient());
        fill(parameters, current.key(), now, current.body(), none, Change.DELETED);
        parameters[2] = current.version();
        parameters[6] = true;
        StoredResource deleted = new StoredResource(
                current.key(),
                current.version() + 1,
                now,
                true,
                current.body(),
                current.row(),
                current.author(),
                current.patient());
        return run(
                audited ? AUDITED_UPDATE : UPDATE,
                new Prepared(parameters, deleted, Optional.empty()),
                "delete",
                caller,
                Set.of());
    }

    /**
     * What a write statement takes, and what it leaves when it finds the version that it expects.
     *
     * @param formerPatient whose record the version before was in
     */
    private record Prepared(Object[] parameters, StoredResource left, Optional<String> formerPatient) {

        static Prepared of(
                Resource resource, long version, Change change, Optional<String> author, List<CombinedIndex> combined) {
            Instant now = now();
            ResourceKey key = stamp(resource, version, now);
            Buffer body = Buffer.buffer(FhirJson.write(resource));
            Object[] parameters = new Object[PARAMETERS];
            IndexEntries entries = IndexEntries.of(resource, combined);
            fill(parameters, key, now, body, entries, change);
            StoredResource left = new StoredResource(key, version, now, false, body, 0, author, entries.patient());
            return new Prepared(parameters, left, Optional.empty());
        }

        Prepared alsoOf(Optional<String> former) {
            return new Prepared(parameters, left, former);
        }

        Set<String> patients() {
            return Stream.concat(left.patient().stream(), formerPatient.stream())
                    .collect(Collectors.toSet());
        }

        Object[] with(List<@Nullable Object> more) {
            Object[] all = Arrays.copyOf(parameters, PARAMETERS + more.size());
            for (int i = 0; i < more.size(); i++) {
                all[PARAMETERS + i] = more.get(i);
            }
            return all;
        }

        StoredResource stored(long row) {
            return new StoredResource(
                    left.key(),
                    left.version(),
                    left.changed(),
                    left.deleted(),
                    left.body(),
                    row,
                    left.author(),
                    left.patient());
        }
    }

    private Uni<Optional<StoredResource>> run(
            String call, Prepared prepared, String interaction, Caller caller, Set<Long> targets) {
        List<@Nullable Object> more = new ArrayList<>();
        if (audited) {
            more.addAll(AuditedWrites.parameters(interaction, caller, prepared.patients()));
        }
        String text = "select " + call;
        if (!targets.isEmpty()) {
            more.add(targets.toArray(Long[]::new));
            text = whereTargetsAre(PARAMETERS + more.size(), call);
        }
        return sql.run(text, prepared.with(more))
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
