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
import java.util.Map;
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
import org.careloop.fhirsearch.Condition;
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

    /**
     * What must be so for a statement to write.
     *
     * @param targets keys of resources that must be here, see {@link IndexHash#ofTarget}, by the condition that they must fulfil
     * @param access what the record must fulfil, see {@link Condition#ofRecord}
     */
    public record Given(Map<Condition, Set<Long>> targets, Condition access) {

        public static final Given ANYWAY = new Given(Map.of(), Condition.EVERYTHING);
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
     * Stores {@code resource}, whose id is set, as version 1; empty when the id is taken, also by a deleted one, or {@code given}
     * does not hold.
     *
     * @param write who makes it, and the Organization that they make it for
     */
    public Uni<Optional<StoredResource>> create(Resource resource, Write write, Given given) {
        Optional<String> author = write.author();
        return HeavyWork.run(FhirJson.sizeOf(resource), () -> {
                    Prepared prepared = Prepared.of(resource, 1, Change.CREATED, author, combined);
                    prepared.parameters[2] =
                            IndexHash.ofTarget(prepared.left.key().reference());
                    prepared.parameters[6] = author.orElse(null);
                    return prepared;
                })
                .chain(prepared -> run(audited ? AUDITED_CREATE : CREATE, prepared, "create", write.caller(), given));
    }

    /**
     * Replaces {@code current} by {@code resource}; empty when another version is current meanwhile, or {@code given} does not
     * hold.
     */
    public Uni<Optional<StoredResource>> update(Resource resource, StoredResource current, Caller caller, Given given) {
        return HeavyWork.run(FhirJson.sizeOf(resource), () -> {
                    Prepared prepared =
                            Prepared.of(resource, current.version() + 1, Change.UPDATED, current.author(), combined);
                    prepared.parameters[2] = current.version();
                    prepared.parameters[6] = false;
                    return prepared.alsoOf(current.patient());
                })
                .chain(prepared -> run(audited ? AUDITED_UPDATE : UPDATE, prepared, "update", caller, given));
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
                Given.ANYWAY);
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

        /** The patients that the content refers to: what was replaced by another is moved. */
        Set<Long> mentions() {
            return left.deleted()
                    ? Set.of()
                    : RecordReferences.mentioned(left.key().type(), left.body().getBytes());
        }

        Set<String> patients() {
            return Stream.concat(left.patient().stream(), formerPatient.stream())
                    .collect(Collectors.toSet());
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

    /** Tells whether a record of {@code patient}, made by {@code author}, fulfils {@code access}. */
    public Uni<Boolean> admits(Condition access, Optional<String> patient, Optional<String> author) {
        SqlParameters parameters = new SqlParameters();
        return sql.run("select " + admits(access, patient, author, parameters), parameters.toArray())
                .map(rows -> Boolean.TRUE.equals(rows.getFirst()[0]));
    }

    private static String admits(
            Condition access, Optional<String> patient, Optional<String> author, SqlParameters parameters) {
        String p = parameters.addNullable(patient.orElse(null));
        String a = parameters.addNullable(author.orElse(null));
        // What is written about who was replaced is going to be in the record of who stands for them.
        return "(select " + new ConditionSql(parameters).compile(access, "w")
                + " from (select coalesce((select s.survivor from replaced_record s where s.replaced = " + p
                + "::text), "
                + p + "::text) as patient, " + a + "::text as author) w)";
    }

    private Uni<Optional<StoredResource>> run(
            String call, Prepared prepared, String interaction, Caller caller, Given given) {
        List<@Nullable Object> all = new ArrayList<>(Arrays.asList(prepared.parameters));
        if (audited) {
            all.addAll(AuditedWrites.parameters(interaction, caller, prepared.patients()));
        }
        SqlParameters parameters = new SqlParameters(all);
        List<String> musts = new ArrayList<>();
        given.targets().forEach((shown, keys) -> musts.add(areHere(shown, keys, parameters)));
        if (!given.access().equals(Condition.EVERYTHING)) {
            musts.add(admits(given.access(), prepared.left.patient(), prepared.left.author(), parameters));
        }
        Set<Long> mentions = prepared.mentions();
        String noting =
                mentions.isEmpty() ? call : "noting_replaced(" + call + ", " + parameters.addKeys(mentions) + ")";
        String text = musts.isEmpty()
                ? "select " + noting
                : "select case when " + String.join(" and ", musts) + " then " + noting + " end";
        return sql.run(text, parameters.toArray())
                .map(rows -> Optional.ofNullable((Long) rows.getFirst()[0]).map(prepared::stored));
    }

    private static String areHere(Condition shown, Set<Long> keys, SqlParameters parameters) {
        String refs = parameters.addKeys(keys);
        return shown.equals(Condition.EVERYTHING)
                ? "targets_are_here(" + refs + ")"
                : "(select count(distinct t.ref) = cardinality(" + refs + ") from resource t where t.ref = any(" + refs
                        + ") and not t.deleted and " + new ConditionSql(parameters).compile(shown, "t") + ")";
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
        // What is read from stored bytes has type and version in its id, what a client sent has not.
        next.setId(previous.getIdElement());
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
