package org.careloop.fhirstore;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.audittrail.AuditConfig;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.ConsentRules;
import org.careloop.fhirmodel.ETag;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.Compartment;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.HistoryRequest;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirsearch.VisibleElements;
import org.careloop.fhirstore.internal.PoolRunner;
import org.careloop.fhirstore.internal.ResourceReads;
import org.careloop.fhirvalidation.CodeSets;
import org.hl7.fhir.r4.model.Resource;

/**
 * The resources of this service. Reads and searches are one statement outside any transaction, and so is a write that nothing
 * else depends on; every other change goes through a {@link UnitOfWork}.
 */
@Singleton
public class ResourceStore {

    private final Set<String> types;
    private final List<CombinedIndex> combined;
    private final PoolRunner pool;
    private volatile List<CombinedIndex> filled = List.of();
    private final SearchParser parser;
    private final ResourceReads reads;
    private final KnownCodes codes;
    private final DatabaseTransactions transactions;
    private final Map<String, List<WriteRule>> rules;
    private final List<OutboxListener> listeners;
    private final Optional<OtherHolders> others;
    private final UnitSlots slots;
    private final ConsentRules consent;
    private final AccessGrants grants;
    private final AccessPolicy policy;
    private final LoneWrites lone;
    private final boolean audited;

    ResourceStore(
            FhirStoreConfig config,
            Pool pool,
            DatabaseTransactions transactions,
            @All List<WriteRule> rules,
            @All List<OutboxListener> listeners,
            @All List<OtherHolders> others,
            ConsentRules consent,
            AccessGrants grants,
            ReplacedRecords replaced,
            AccessPolicy policy,
            CodeSets codes,
            AuditConfig audit) {
        this.types = Set.copyOf(config.types());
        this.combined = config.combinedIndexes().orElse(List.of()).stream()
                .map(CombinedIndex::parse)
                .toList();
        this.codes = new KnownCodes(codes);
        this.parser = new SearchParser(config.defaultPageSize(), config.maxPageSize());
        this.pool = new PoolRunner(pool);
        this.reads = ResourceReads.committed(this.pool, types, () -> filled);
        this.transactions = transactions;
        this.rules = Stream.of(
                        rules.stream(),
                        grants.types().stream().filter(types::contains).map(type -> new KeepGrants(type, grants)),
                        types.stream().filter(Compartment::isPatient).map(type -> new KeepReplaced(type, replaced)))
                .flatMap(each -> each)
                .collect(Collectors.groupingBy(WriteRule::type));
        this.grants = grants;
        this.policy = policy;
        this.listeners = listeners;
        this.others = config.checkReferences() ? others.stream().findFirst() : Optional.empty();
        this.audited = audit.enabled();
        this.slots = new UnitSlots(config.maxUnits());
        this.consent = consent;
        this.lone = new LoneWrites(this.pool, types, combined, this.rules, consent, policy, this.others, this.audited);
    }

    /** The pairs of parameters that are to be indexed as one. */
    public List<CombinedIndex> combinedIndexes() {
        return combined;
    }

    /** Looks which of {@link #combinedIndexes} hold all that is stored; only these answer searches from now on. */
    public Uni<Boolean> areCombinedIndexesFilled() {
        return pool.run("select pair from combined_index_filled").map(rows -> {
            Set<Object> pairs = rows.stream().map(row -> row[0]).collect(Collectors.toSet());
            filled = combined.stream()
                    .filter(index -> pairs.contains(index.toString()))
                    .toList();
            return filled.size() == combined.size();
        });
    }

    /** The types that this store holds. */
    public Set<String> types() {
        return types;
    }

    /** Reads query strings with the page sizes of this service. */
    public SearchParser parser() {
        return parser;
    }

    /** Returns the current version, also of a deleted resource; empty when there is none that fulfils {@code access}. */
    public Uni<Optional<StoredResource>> find(ResourceKey key, Condition access) {
        Optional<AuditedRequest> request = AuditedRequest.current();
        return reads.find(key, access)
                .invoke(found -> note(request, found))
                .chain(found -> VisiblePart.of(found, access));
    }

    private static void note(Optional<AuditedRequest> request, Optional<StoredResource> found) {
        if (request.isPresent() && found.isPresent()) {
            request.get().ofVersion(found.get().version());
            note(request.get(), found.get());
        }
    }

    /** What is read here is taken as shown: who throws it away was still able to look. */
    private static void note(AuditedRequest request, StoredResource found) {
        if (!found.deleted()) {
            request.shows(found.patient());
        }
    }

    /** Returns one version of a resource whose current version fulfils {@code access}. */
    public Uni<Optional<StoredResource>> findVersion(ResourceKey key, long version, Condition access) {
        Optional<AuditedRequest> request = AuditedRequest.current();
        return reads.version(key, version, access)
                .invoke(found -> note(request, found))
                .chain(found -> VisiblePart.of(found, access));
    }

    /**
     * Returns one page of versions, newest first, of resources whose current version fulfils what {@code access} tells for
     * their type.
     */
    public Uni<HistoryPage> history(HistoryRequest request, Function<String, Condition> access) {
        Optional<AuditedRequest> audited = AuditedRequest.current();
        return reads.history(request, access)
                .invoke(page -> audited.ifPresent(known -> {
                    known.asked(
                            request.types().size() == 1
                                    ? request.types().stream().findFirst()
                                    : Optional.empty(),
                            QueryParameter.format(request.applied()));
                    page.versions().forEach(version -> note(known, version));
                }))
                .chain(page -> VisiblePart.of(page.versions(), access)
                        .map(versions -> new HistoryPage(versions, page.next())));
    }

    /**
     * Returns one page of matches; {@code access} tells for each type, also of included resources, what may be shown. Fails
     * with UNSUPPORTED_PARAMETER when a chain or include leads to a type of another service, with FORBIDDEN when an element is
     * asked for that {@code access} does not show, see {@link VisibleElements}.
     */
    public Uni<SearchPage> search(SearchRequest request, Function<String, Condition> access) {
        Optional<AuditedRequest> audited = asking(request);
        return codes.with(VisibleElements.within(request, access), known -> reads.search(known, access))
                .invoke(page -> audited.ifPresent(known -> {
                    page.matches().forEach(match -> note(known, match));
                    page.included().forEach(included -> note(known, included));
                }))
                .chain(page -> VisiblePart.of(page, access));
    }

    private Optional<AuditedRequest> asking(SearchRequest request) {
        HeldTypes.require(request, types);
        Optional<AuditedRequest> audited = AuditedRequest.current();
        audited.ifPresent(known -> known.asked(request.onlyType(), QueryParameter.format(request.applied())));
        return audited;
    }

    /**
     * Returns the keys, see {@link org.careloop.fhirsearch.IndexHash#ofTarget}, of all matches. Fails with TOO_COSTLY when
     * there are more than the request's count.
     */
    public Uni<Set<Long>> keys(SearchRequest request, Function<String, Condition> access) {
        asking(request);
        return codes.with(VisibleElements.within(request, access), known -> reads.keys(known, access));
    }

    /** Returns the keys of all to which matches refer by {@code references}; fails as {@link #keys} does. */
    public Uni<Set<Long>> targets(SearchRequest request, Set<Long> references, Function<String, Condition> access) {
        asking(request);
        VisibleElements.requireFollowed(request, references, access);
        return codes.with(VisibleElements.within(request, access), known -> reads.targets(known, references, access));
    }

    /**
     * Returns all versions of what a search of one type finds, each with {@code elements} and its type alone, those of one resource
     * together and oldest first; what was not changed since {@code since} is left out. A version that {@code access} does not show is
     * missing. Fails as {@link #search} does, and with TOO_COSTLY when there are more versions than the request's count.
     *
     * <p>For figures over many records, which show nobody's: the audit trail tells that they were asked for, not of whom they are.
     */
    public Uni<List<StoredResource>> versions(
            SearchRequest request, Function<String, Condition> access, Set<String> elements, Instant since) {
        HeldTypes.require(request, types);
        Set<String> read =
                Stream.concat(Stream.of("resourceType"), elements.stream()).collect(Collectors.toUnmodifiableSet());
        return codes.with(VisibleElements.within(request, access), known -> reads.versions(known, access, read, since))
                .chain(versions -> VisiblePart.of(versions, access));
    }

    /**
     * Returns for each of {@code references} the keys of what {@code resources}, of a search, refer to by it, as far as {@code
     * access} shows the references.
     */
    public Uni<Map<Long, Set<Long>>> referred(
            List<StoredResource> resources, Set<Long> references, Function<String, Condition> access) {
        return reads.referred(
                resources.stream()
                        .filter(each -> VisibleElements.shows(each.key().type(), references, access))
                        .toList(),
                references);
    }

    /**
     * Returns those of {@code keys} that are here, not deleted, and shown to {@code caller}. Does not wait for the end of spanning
     * transactions, since one of them may ask this.
     */
    public Uni<Set<ResourceKey>> present(Set<ResourceKey> keys, Caller caller) {
        Map<Condition, Set<ResourceKey>> byCondition = keys.stream()
                .collect(Collectors.groupingBy(key -> policy.shown(caller, key.type()), Collectors.toSet()));
        return InTurn.map(
                        List.copyOf(byCondition.entrySet()),
                        group -> ReferenceTargets.missing(reads, group.getValue(), group.getKey()))
                .map(missing -> keys.stream()
                        .filter(key -> missing.stream().noneMatch(each -> each.contains(key)))
                        .collect(Collectors.toSet()));
    }

    /** Tells whether resources of {@code type} open patients' compartments. */
    public boolean opensRecords(String type) {
        return grants.opens(type);
    }

    /** Returns what of {@code types} is in the compartment of {@code patient} (its id), for a service where it opens the record. */
    public Uni<String> openers(String patient, Set<String> types) {
        return AccessGrants.told(patient, types, pool);
    }

    /** Tells whether there is a resource called {@code key}, or was one that is deleted. */
    public Uni<Boolean> knows(ResourceKey key) {
        return reads.find(key, Condition.EVERYTHING).map(Optional::isPresent);
    }

    /**
     * Stores a new resource as {@link UnitOfWork#create} does, in one statement. Empty when its rules need a unit, or it does not
     * fulfil {@code access}, which is one {@link Condition#ofRecord}; nothing is written then.
     */
    public Uni<Optional<StoredResource>> createAlone(Caller caller, Condition access, Resource resource) {
        return slots.within(() -> lone.create(caller, access, resource)).invoke(this::tell);
    }

    /**
     * Replaces the resource with the id of {@code next} as {@link UnitOfWork#update} does, in one statement. Empty when that
     * takes a unit, or what is there or is to be there does not fulfil {@code access}, which is one {@link
     * Condition#ofRecord}; nothing is written then.
     */
    public Uni<Optional<StoredResource>> updateAlone(
            Caller caller, Condition access, Resource next, Optional<ETag> ifMatch) {
        return slots.within(() -> lone.update(caller, access, next, ifMatch)).invoke(this::tell);
    }

    private void tell(Optional<StoredResource> saved) {
        saved.ifPresent(ignored -> listeners.forEach(OutboxListener::outboxFilled));
    }

    /**
     * Runs {@code work} in one database transaction: everything that it writes commits together, or nothing does. Use one
     * chain; the unit must not be used by two branches at once.
     */
    public <T> Uni<T> inUnit(Function<UnitOfWork, Uni<T>> work) {
        Optional<AuditedRequest> request = AuditedRequest.current();
        AtomicBoolean written = new AtomicBoolean();
        return slots.within(() -> transactions.run(session -> {
                    UnitOfWork unit = new UnitOfWork(
                            session, types, combined, rules, consent, grants, policy, codes, others, audited);
                    return work.apply(unit).call(unit::finish).invoke(() -> written.set(unit.hasWritten()));
                }))
                .invoke(() -> {
                    if (written.get()) {
                        request.ifPresent(AuditedRequest::hasWritten);
                    }
                })
                .invoke(() -> listeners.forEach(OutboxListener::outboxFilled));
    }
}
