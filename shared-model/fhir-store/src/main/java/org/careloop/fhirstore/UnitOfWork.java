package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.ConsentRules;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirsearch.VisibleElements;
import org.careloop.fhirstore.internal.ResourceReads;
import org.careloop.fhirstore.internal.ResourceWrites;
import org.careloop.fhirstore.internal.ResourceWrites.Given;
import org.careloop.fhirstore.internal.SessionRunner;
import org.careloop.fhirvalidation.LiteralReference;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hl7.fhir.r4.model.Resource;

/**
 * One database transaction. Resources, the service's own entities and the events that tell of the changes commit together.
 *
 * <p>Every write runs the {@link WriteRule}s of its type. Not for use by two branches at once: it is one connection.
 */
public final class UnitOfWork {

    private static final int MOST_FOUND = 1000;

    private final Mutiny.Session session;
    private final SessionRunner sql;
    private final ResourceReads reads;
    private final ResourceWrites writes;
    private final Set<String> types;
    private final Map<String, List<WriteRule>> rules;
    private final ConsentRules consent;
    private final AccessGrants grants;
    private final Optional<OtherHolders> others;
    private final Set<Admitted> admitted = new HashSet<>();
    private final KnownCodes codes;
    private boolean written;
    private final Set<ResourceKey> ordered = new HashSet<>();
    private final Optional<ReferenceTargets> targets;
    private final LastSteps lastSteps = new LastSteps();

    UnitOfWork(
            Mutiny.Session session,
            Set<String> types,
            List<CombinedIndex> combined,
            Map<String, List<WriteRule>> rules,
            ConsentRules consent,
            AccessGrants grants,
            AccessPolicy policy,
            KnownCodes codes,
            Optional<OtherHolders> others,
            boolean audited) {
        this.session = session;
        this.sql = new SessionRunner(session);
        this.reads = ResourceReads.within(sql, types);
        this.writes = new ResourceWrites(sql, combined, audited);
        this.types = types;
        this.rules = rules;
        this.consent = consent;
        this.codes = codes;
        this.grants = grants;
        this.others = others;
        this.targets = others.map(holders -> new ReferenceTargets(reads, types, policy, holders));
    }

    /** The session for the service's own entities. */
    public Mutiny.Session session() {
        return session;
    }

    /** Returns the current version and keeps others from changing it; empty when absent, deleted or not in access. */
    public Uni<Optional<StoredResource>> find(ResourceKey key, Condition access) {
        return lock(key, access).map(found -> found.filter(resource -> !resource.deleted()));
    }

    /** As {@link #find}, parsed; fails with {@link ProblemCode#RESOURCE_NOT_FOUND}. */
    public <T extends Resource> Uni<T> require(Class<T> type, String id) {
        ResourceKey key = ResourceKey.of(type.getSimpleName(), id);
        return find(key, Condition.EVERYTHING)
                .map(found -> found.orElseThrow(() -> notFound(key)).as(type));
    }

    /** As {@link #require}, but empty when absent or deleted. */
    public <T extends Resource> Uni<Optional<T>> find(Class<T> type, String id) {
        return find(ResourceKey.of(type.getSimpleName(), id), Condition.EVERYTHING)
                .map(found -> found.map(resource -> resource.as(type)));
    }

    /** Returns what of {@code type} matches the query string, newest first, at most 1000, as this transaction sees it. */
    public <T extends Resource> Uni<List<T>> search(Class<T> type, String query) {
        return search(type.getSimpleName(), QueryParameter.parse(query), Condition.EVERYTHING)
                .map(found -> found.stream().map(each -> each.as(type)).toList());
    }

    /**
     * Returns what of {@code type} matches {@code criteria}, unparsed, at most 1000, if all that they look at fulfils {@code
     * access}.
     */
    public Uni<List<StoredResource>> search(String type, List<QueryParameter> criteria, Condition access) {
        return search(type, criteria, each -> access);
    }

    /**
     * As {@link #search(String, List, Condition)}, but {@code access} tells for each type, also of those that the criteria chain
     * to, what may be found, and which elements of it are shown. Fails with {@link ProblemCode#UNSUPPORTED_PARAMETER} when they
     * lead to a type of another service, with {@link ProblemCode#FORBIDDEN} when they ask for an element that is not shown.
     */
    public Uni<List<StoredResource>> search(
            String type, List<QueryParameter> criteria, Function<String, Condition> access) {
        SearchRequest request = new SearchParser(MOST_FOUND, MOST_FOUND).parse(type, criteria);
        HeldTypes.require(request, types);
        return codes.with(VisibleElements.within(request, access), known -> reads.search(known, access))
                .chain(page -> VisiblePart.of(page.matches(), access));
    }

    /**
     * Lets one transaction at a time pass with the same criteria, until it ends: of parallel conditional creates of one
     * identifier, one creates and the others find.
     */
    public Uni<Void> serialize(String type, String criteria) {
        return sql.run("select pg_advisory_xact_lock($1)", IndexHash.ofValue(type, "?", criteria))
                .replaceWithVoid();
    }

    /** As {@link #serialize(String, String)}, with each of {@code criteria}, in an order that is the same for all units. */
    public Uni<Void> serialize(String type, Collection<String> criteria) {
        Long[] locks = criteria.stream()
                .map(each -> IndexHash.ofValue(type, "?", each))
                .distinct()
                .sorted()
                .toArray(Long[]::new);
        return sql.run("select count(pg_advisory_xact_lock(h)) from unnest($1::bigint[]) h", (Object) locks)
                .replaceWithVoid();
    }

    /** Whom what was found to be open. */
    private record Admitted(Condition access, Optional<String> patient, Optional<String> author) {}

    /**
     * Fails with {@link ProblemCode#FORBIDDEN} when {@code resource} is to be in a record that {@code access} does not open, or
     * would open no more if it did not open it itself. What is not open here yet may be open by what other services know
     * already, so they are asked.
     *
     * <p>Where references are judged, a patient whose record is shut is not told from one who is nowhere: the unit then fails at
     * its end with {@link ProblemCode#REFERENCE_NOT_FOUND}. Who answers for its references may write about a patient who is
     * nowhere yet.
     *
     * @param author id of the Organization that made the resource, or makes it
     */
    public Uni<Void> requireAdmitted(Caller caller, Condition access, Resource resource, Optional<String> author) {
        Admitted asked = new Admitted(access.ofRecord(), Compartment.patientOf(resource), author);
        if (asked.access.equals(Condition.EVERYTHING) || admitted.contains(asked)) {
            return Uni.createFrom().voidItem();
        }
        return admits(asked)
                .chain(admits -> admits || asked.patient.isEmpty() || others.isEmpty()
                        ? Uni.createFrom().item(admits)
                        : admitsByOthers(asked, asked.patient.get(), caller, others.get()))
                .invoke(admits -> {
                    if (admits) {
                        admitted.add(asked);
                        asked.patient.ifPresent(
                                patient -> targets.ifPresent(known -> known.open(Compartment.patient(patient))));
                    } else if (asked.patient.isEmpty() || !isJudged(caller)) {
                        throw notOpen(resource.fhirType());
                    } else {
                        targets.orElseThrow().hide(Compartment.patient(asked.patient.get()));
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Boolean> admitsByOthers(Admitted asked, String patient, Caller caller, OtherHolders holders) {
        if (isJudged(caller)) {
            return admitsAsTold(asked, patient, holders);
        }
        // Where the patients are held, nobody else need be asked for one who is nowhere.
        return types.contains(Compartment.patient(patient).type())
                ? isNowhere(patient, holders).chain(nowhere -> nowhere ? yes() : admitsAsTold(asked, patient, holders))
                : admitsAsTold(asked, patient, holders).chain(admits -> admits ? yes() : isNowhere(patient, holders));
    }

    private static Uni<Boolean> yes() {
        return Uni.createFrom().item(true);
    }

    private Uni<Boolean> isNowhere(String patient, OtherHolders holders) {
        ResourceKey key = Compartment.patient(patient);
        Uni<Set<ResourceKey>> missing = types.contains(key.type())
                ? ReferenceTargets.missing(reads, Set.of(key), Condition.EVERYTHING)
                : holders.missing(Set.of(key), Caller.PLATFORM);
        return missing.map(keys -> keys.contains(key));
    }

    private Uni<Boolean> admitsAsTold(Admitted asked, String patient, OtherHolders holders) {
        return holders.openers(patient, grants.typesElsewhere(types))
                .chain(told -> grants.keepTold(told, this))
                .chain(() -> admits(asked));
    }

    private Uni<Boolean> admits(Admitted asked) {
        return writes.admits(asked.access, asked.patient, asked.author);
    }

    /** Fails with {@link ProblemCode#FORBIDDEN} when there is or was a resource {@code key} that does not fulfil {@code access}. */
    public Uni<Void> requireOpenOrAbsent(ResourceKey key, Condition access) {
        return lock(key, Condition.EVERYTHING)
                .chain(there -> there.isEmpty()
                        ? Uni.createFrom().item(there)
                        : lock(key, access).invoke(open -> open.orElseThrow(() -> notOpen(key.type()))))
                .replaceWithVoid();
    }

    /** What is said when a caller writes out of its reach. */
    public static FhirProblem notOpen(String type) {
        return new FhirProblem(ProblemCode.FORBIDDEN, type + ": content not open to this caller (expected: own)");
    }

    /** Stores a new resource; makes an id unless it has one. Fails with {@link ProblemCode#ALREADY_EXISTS}. */
    public Uni<StoredResource> create(Caller caller, Resource resource) {
        consent.label(resource);
        Write write = Write.toCreate(caller, resource);
        return guarded(
                write,
                checked -> writes.create(checked, write, Given.ANYWAY)
                        .map(saved -> saved.orElseThrow(() -> inUse(resource))));
    }

    /**
     * Replaces the current version with what was made of it, unless {@code next} is equal to it: then the version stays and
     * nothing is told. {@code current} was read in this unit, so nobody else changes it meanwhile.
     */
    public Uni<StoredResource> update(Caller caller, StoredResource current, Resource next) {
        return replace(caller, current, next, Optional.of(current.eTag()));
    }

    /**
     * As {@link #update(Caller, StoredResource, Resource)}, with what a client sent, which knows the version {@code ifMatch}, if
     * any. Fails with {@link ProblemCode#VERSION_CONFLICT} when that is another. What a service of the platform was told, by a message,
     * lifts no security label: a person does.
     */
    public Uni<StoredResource> update(Caller caller, StoredResource current, Resource next, Optional<ETag> ifMatch) {
        SecurityLabels.keep(caller, current, next);
        return replace(caller, current, next, ifMatch);
    }

    private Uni<StoredResource> replace(Caller caller, StoredResource current, Resource next, Optional<ETag> ifMatch) {
        consent.label(next);
        return Replacement.of(current, next, ifMatch, isJudged(caller) || rules.containsKey(next.fhirType()))
                .chain(replacement -> replacement.same()
                        ? Uni.createFrom().item(current)
                        : replace(
                                new Write(
                                        Interaction.UPDATE,
                                        caller,
                                        replacement.previous(),
                                        next,
                                        current.author(),
                                        ifMatch.isPresent()),
                                current));
    }

    private boolean isJudged(Caller caller) {
        return targets.isPresent() && !caller.isTrustedWithReferences();
    }

    private Uni<StoredResource> replace(Write write, StoredResource current) {
        return guarded(
                write,
                checked -> writes.update(checked, current, write.caller(), Given.ANYWAY)
                        .map(saved -> saved.orElseThrow(() -> stale(current))));
    }

    /**
     * Stores {@code next}, which is {@code current} but for the patients that it refers to. The rules of its type are not asked:
     * nobody says anything new, and what stays behind on a patient who was replaced is lost to whoever looks for it.
     */
    Uni<StoredResource> move(StoredResource current, Resource next) {
        return writes.update(next, current, Caller.PLATFORM, Given.ANYWAY)
                .map(saved -> saved.orElseThrow(() -> stale(current)))
                .call(saved -> {
                    written = true;
                    return InTurn.each(
                            rules.getOrDefault(next.fhirType(), List.of()), rule -> rule.moved(next, saved, this));
                });
    }

    /** Deletes; the history stays. */
    public Uni<StoredResource> delete(Caller caller, StoredResource current) {
        Resource resource = FhirJson.parse(current.body().getBytes());
        Write write = new Write(Interaction.DELETE, caller, Optional.of(resource), resource, current.author(), true);
        return guarded(
                write, checked -> writes.delete(current, caller).map(saved -> saved.orElseThrow(() -> stale(current))));
    }

    /**
     * Creates {@code resource} under its own id, or replaces what has that id when it differs; for facts that may be told
     * twice. The platform lifts no security label so. Returns empty when nothing changed.
     */
    public Uni<Optional<StoredResource>> put(Caller caller, Resource resource) {
        ResourceKey key =
                ResourceKey.of(resource.fhirType(), resource.getIdElement().getIdPart());
        return lock(key, Condition.EVERYTHING).chain(found -> {
            if (found.isEmpty()) {
                return create(caller, resource).map(Optional::of);
            }
            StoredResource current = found.get();
            SecurityLabels.keep(caller, current, resource);
            return update(caller, current, resource)
                    .map(saved -> Optional.of(saved).filter(after -> after.version() != current.version()));
        });
    }

    /** Reads the resource {@code key} and stores what {@code change} makes of it, unless that is equal. */
    public <T extends Resource> Uni<Optional<StoredResource>> change(
            Caller caller, Class<T> type, String id, Function<T, T> change) {
        return require(type, id).chain(current -> put(caller, change.apply(type.cast(current.copy()))));
    }

    /** Lets writes refer to {@code keys}, which come to be in other services together with this unit. */
    public void expect(Set<ResourceKey> keys) {
        targets.ifPresent(known -> known.expect(keys));
    }

    /** Lets {@code caller} see, from the commit of this unit on, the patients that it registers in other services with it. */
    public Uni<Void> expectPatients(Set<String> patients, Caller caller) {
        return caller.organization()
                .map(organization -> grants.keepExpected(patients, organization, this))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    /** Tells where the client finds these references in what it sent, for what is said of them. */
    public void name(List<LiteralReference> references) {
        targets.ifPresent(known -> known.name(references));
    }

    /**
     * Lets {@code caller} say what is no resource and refers to {@code references}: at the end they are judged as those are of a resource
     * that it writes.
     */
    public void mention(List<LiteralReference> references, Caller caller) {
        if (isJudged(caller)) {
            targets.ifPresent(known -> known.mention(references, Optional.empty(), caller));
        }
    }

    /**
     * Runs {@code work} before the unit ends, once for all that ask with the same {@code key}; in the name of who asked last. For
     * what follows from all that was written, however much of it there is. Those of several keys run in the order of these, so
     * that two units that lock the same rows do it in one order.
     */
    public void last(String key, Supplier<Uni<Void>> work) {
        lastSteps.add(key, work);
    }

    /**
     * Does what is to be done last. Fails with {@link ProblemCode#REFERENCE_NOT_FOUND} when what was written refers to what is
     * not there.
     */
    Uni<Void> finish() {
        return lastSteps
                .run()
                .chain(() -> targets.map(ReferenceTargets::require)
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    /** Runs one SQL statement in this transaction, for tables that no entity maps; returns the rows' values. */
    public Uni<List<Object[]>> sql(String text, Object... parameters) {
        return sql.run(text, parameters);
    }

    /**
     * Runs {@code part}, which may fail alone: with a {@link FhirProblem} what it has written is undone, what it has left for {@link
     * #last} is forgotten, and the unit goes on. Returns the problem; empty when all is well. Any other failure is the unit's.
     */
    public Uni<Optional<FhirProblem>> attempt(Supplier<Uni<Void>> part) {
        Set<ResourceKey> locked = Set.copyOf(ordered);
        boolean hadWritten = written;
        Runnable forget = targets.map(ReferenceTargets::remembered).orElse(() -> {});
        Runnable forgetSteps = lastSteps.remembered();
        return session.flush()
                .chain(() -> sql.statement("savepoint part"))
                .chain(part::get)
                .chain(session::flush)
                .chain(() -> sql.statement("release savepoint part"))
                .replaceWith(Optional.<FhirProblem>empty())
                .onFailure(FhirProblem.class)
                .recoverWithUni(problem -> {
                    session.clear();
                    return sql.statement("rollback to savepoint part; release savepoint part")
                            .map(ignored -> {
                                // The locks are gone with what was written.
                                ordered.retainAll(locked);
                                written = hadWritten;
                                forget.run();
                                forgetSteps.run();
                                return Optional.of((FhirProblem) problem);
                            });
                });
    }

    /** Tells whether a resource was written so far. */
    boolean hasWritten() {
        return written;
    }

    /** Runs a statement of transaction control. */
    Uni<Void> statement(String text) {
        return sql.statement(text);
    }

    private Uni<Optional<StoredResource>> lock(ResourceKey key, Condition access) {
        Uni<Void> before = Uni.createFrom().voidItem();
        if (ordered.add(key)) {
            for (WriteRule rule : rules.getOrDefault(key.type(), List.of())) {
                before = before.chain(() -> rule.lockBefore(key, this));
            }
        }
        return before.chain(() -> reads.lock(key, access));
    }

    private Uni<StoredResource> guarded(Write write, Function<Resource, Uni<StoredResource>> store) {
        String type = write.next().fhirType();
        HeldTypes.require(type, types);
        List<WriteRule> guards = rules.getOrDefault(type, List.of());
        Uni<Resource> checked = Uni.createFrom().item(write.next());
        if (write.interaction() != Interaction.DELETE) {
            write.checkStructure(targets);
        }
        for (WriteRule rule : guards) {
            checked = checked.chain(next -> rule.check(write.of(next), this));
        }
        return checked.chain(next -> store.apply(next).call(saved -> {
            written = true;
            targets.ifPresent(known -> known.open(saved.key()));
            Write done = write.of(next);
            Uni<Void> follow = Uni.createFrom().voidItem();
            for (WriteRule rule : guards) {
                follow = follow.chain(() -> rule.follow(done, saved, this));
            }
            return follow;
        }));
    }

    static FhirProblem inUse(Resource resource) {
        return new FhirProblem(ProblemCode.ALREADY_EXISTS, resource.fhirType() + ".id: in use (expected: a new id)");
    }

    private static FhirProblem stale(StoredResource current) {
        return new FhirProblem(
                ProblemCode.VERSION_CONFLICT, current.key().type() + ": changed meanwhile (expected: retry)");
    }

    private static FhirProblem notFound(ResourceKey key) {
        return new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, key.type() + ": no such resource");
    }
}
