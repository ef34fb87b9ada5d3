package org.careloop.gateway.app;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.careloop.calleraccess.PlatformSignature;
import org.careloop.fhirmodel.BundleReferences;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.gateway.GatewayConfig;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;

/**
 * Runs a transaction whose entries belong to one or several services: all of it happens, or nothing. Two-phase commit: the
 * services prepare their parts one after the other, always in the same order, so that two transactions never wait for each
 * other; the last one commits its part with the decision, then the others commit. What a crash leaves over, the services end
 * by themselves as that decision says.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#transaction">FHIR R4 transaction</a>
 */
@Singleton
public class TransactAcross {

    private static final int ATTEMPTS = 3;

    private final Vertx vertx;
    private final Origins origins;
    private final ServiceCalls calls;
    private final SearchAcross searches;
    private final ResolveReferences references;
    private final FindHolder holders;
    private final RunBatch reads;
    private final GatewayConfig config;
    private final PlatformSignature signature;

    TransactAcross(
            Vertx vertx,
            Origins origins,
            ServiceCalls calls,
            SearchAcross searches,
            ResolveReferences references,
            FindHolder holders,
            RunBatch reads,
            GatewayConfig config,
            PlatformSignature signature) {
        this.vertx = vertx;
        this.origins = origins;
        this.calls = calls;
        this.searches = searches;
        this.references = references;
        this.holders = holders;
        this.reads = reads;
        this.config = config;
        this.signature = signature;
    }

    /**
     * Returns the transaction-response, an entry for each of {@code bundle}'s. Fails as the first entry that fails does; with
     * {@link ProblemCode#UNAVAILABLE} when a service cannot be reached.
     *
     * @param caller the headers of the client's request
     */
    public Uni<Buffer> handle(Bundle bundle, MultiMap caller) {
        return offLoop(() -> TransactionPlan.of(bundle, origins, config.maxTransactionEntries(), caller))
                .chain(plan -> attempt(plan.writes(), caller, 1)
                        .chain(written -> reads.entries(plan.reads(), bundle, caller)
                                .chain(read -> offLoop(() -> answer(plan, written, read)))));
    }

    /** Criteria are looked up before anything is locked, and again by the services when they hold the locks. */
    private Uni<List<Bundle>> attempt(List<TransactionEntry> entries, MultiMap caller, int attempt) {
        return offLoop(() -> own(entries))
                .chain(own -> linked(own, caller)
                        .chain(keys -> share(own, keys, caller))
                        .chain(shares -> run(shares, caller)))
                .onFailure(failure -> attempt < ATTEMPTS && isConflictOfCriteria(entries, failure))
                .recoverWithUni(() -> attempt(entries, caller, attempt + 1));
    }

    /** What the references in entries mean may be another resource the next time, where there may be one. */
    private static List<TransactionEntry> own(List<TransactionEntry> entries) {
        return haveCriteria(entries)
                ? entries.stream().map(TransactionEntry::copy).toList()
                : entries;
    }

    private static boolean haveCriteria(List<TransactionEntry> entries) {
        return entries.stream().anyMatch(entry -> entry.criteria().isPresent());
    }

    /** Returns the resources that the entries are about, by place; the entries refer to them then. */
    private Uni<Map<Integer, Placed>> linked(List<TransactionEntry> entries, MultiMap caller) {
        return offLoop(() -> references.handle(entries, caller))
                .chain(places -> places)
                .chain(places -> resolve(entries, caller)
                        .chain(keys -> offLoop(() -> {
                            link(entries, keys, places);
                            return keys;
                        })));
    }

    private static boolean isConflictOfCriteria(List<TransactionEntry> entries, Throwable failure) {
        return haveCriteria(entries)
                && failure instanceof ServiceCalls.Refused refused
                && (refused.answer().status() == ProblemCode.VERSION_CONFLICT.status()
                        || refused.answer().status() == ProblemCode.ALREADY_EXISTS.status());
    }

    /** @param found whether criteria found it, so that it is there before the transaction */
    private record Placed(int place, ResourceKey key, boolean found) {}

    /** The resources that the entries are about, by place. */
    private Uni<Map<Integer, Placed>> resolve(List<TransactionEntry> entries, MultiMap caller) {
        return ResolveAcross.inParallel(
                        entries,
                        entry -> (entry.criteria().isEmpty()
                                        ? Uni.createFrom().item(Optional.<ResourceKey>empty())
                                        : searches.findOne(entry.type(), entry.filters(), caller))
                                .map(found -> new Placed(entry.place(), entry.key(found), found.isPresent())))
                .map(all -> all.stream().collect(Collectors.toMap(Placed::place, placed -> placed)));
    }

    /** {@code found} are the places of references by criteria. */
    private static void link(List<TransactionEntry> entries, Map<Integer, Placed> keys, Map<String, String> found) {
        Map<String, String> places = new HashMap<>(found);
        for (TransactionEntry entry : entries) {
            if (entry.entry().hasFullUrl()) {
                places.put(
                        entry.entry().getFullUrl(),
                        keys.get(entry.place()).key().reference());
            }
        }
        for (TransactionEntry entry : entries) {
            if (entry.entry().hasResource()) {
                BundleReferences.relink(
                        entry.entry().getResource(), reference -> Optional.ofNullable(places.get(reference)));
            }
        }
    }

    /** The entries of each service, in the order in which all transactions visit the services. */
    private Uni<Map<String, Bundle>> share(List<TransactionEntry> entries, Map<Integer, Placed> keys, MultiMap caller) {
        Map<String, String> ownerOfKey = entries.stream()
                .filter(entry -> origins.ownerOf(entry.type()).isPresent())
                .collect(Collectors.toMap(
                        entry -> keys.get(entry.place()).key().reference(),
                        entry -> origins.ownerOf(entry.type()).orElseThrow(),
                        (one, same) -> one));
        return ResolveAcross.inParallel(
                        entries,
                        entry -> serviceOf(entry, keys.get(entry.place()).key(), ownerOfKey, caller))
                .map(services -> {
                    Map<String, Bundle> shares = new TreeMap<>();
                    for (int i = 0; i < entries.size(); i++) {
                        TransactionEntry entry = entries.get(i);
                        BundleEntryComponent part = entry.entry();
                        part.setId(Integer.toString(entry.place()));
                        part.setFullUrl(keys.get(entry.place()).key().reference());
                        shares.computeIfAbsent(services.get(i), service -> new Bundle().setType(BundleType.TRANSACTION))
                                .addEntry(part);
                    }
                    List<ResourceKey> coming = entries.stream()
                            .filter(entry -> isWritten(entry, keys.get(entry.place())))
                            .map(entry -> keys.get(entry.place()).key())
                            .toList();
                    shares.values().forEach(share -> tellOthers(share, coming));
                    return shares;
                });
    }

    /** Who may see what a conditional create finds may not write in its record for that. */
    private static boolean isWritten(TransactionEntry entry, Placed placed) {
        HTTPVerb verb = entry.entry().getRequest().getMethod();
        return verb != HTTPVerb.DELETE && !(verb == HTTPVerb.POST && placed.found());
    }

    /** A service that finds a reference to what another makes in this transaction must know that it comes. */
    private static void tellOthers(Bundle share, Collection<ResourceKey> keys) {
        Set<String> own =
                share.getEntry().stream().map(BundleEntryComponent::getFullUrl).collect(Collectors.toSet());
        keys.stream()
                .map(ResourceKey::reference)
                .filter(key -> !own.contains(key))
                .forEach(key -> share.addLink().setRelation("related").setUrl(key));
    }

    private Uni<String> serviceOf(
            TransactionEntry entry, ResourceKey key, Map<String, String> owners, MultiMap caller) {
        Optional<String> owner = origins.ownerOf(entry.type());
        if (owner.isPresent()) {
            return Uni.createFrom().item(owner.get());
        }
        Uni<Optional<String>> found = entry.id().isPresent() || entry.criteria().isPresent()
                ? holders.of(key, caller)
                : Uni.createFrom().item(Optional.empty());
        return found.map(holder -> holder.orElseGet(() -> entry.entry().hasResource()
                ? holders.besideTarget(
                        entry.type(), Buffer.buffer(FhirJson.write(entry.entry().getResource())))
                : holders.any(entry.type())));
    }

    private Uni<List<Bundle>> run(Map<String, Bundle> shares, MultiMap caller) {
        if (shares.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        List<String> services = List.copyOf(shares.keySet());
        List<String> preparing = services.subList(0, services.size() - 1);
        String decider = services.getLast();
        UUID id = UUID.randomUUID();
        String path = "/federation/transactions/" + id;
        Uni<List<Bundle>> prepared = Uni.createFrom().item(List.of());
        for (String service : preparing) {
            prepared = prepared.chain(
                    before -> part(service, id, path + "/prepare?decider=" + decider, shares.get(service), caller)
                            .map(done -> append(before, done)));
        }
        return prepared.chain(before -> part(decider, id, path + "/decide", shares.get(decider), caller)
                        .map(done -> append(before, done)))
                .onFailure(TransactAcross::isRefusal)
                .call(() -> end(preparing, id, path + "/rollback", caller))
                .call(() -> end(preparing, id, path + "/commit", caller));
    }

    /** Only a refusal tells that nothing was decided; when an answer is lost, the services ask for the decision. */
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof ServiceCalls.Refused;
    }

    private Uni<Bundle> part(String service, UUID id, String path, Bundle share, MultiMap caller) {
        return offLoop(() -> FhirJson.write(share))
                .chain(body -> calls.ask(
                        service, HttpMethod.POST, path, Optional.of(Buffer.buffer(body)), signed(id, body, caller)))
                .chain(answer -> offLoop(() -> numbered(share, FhirJson.parse(Bundle.class, answer.getBytes()))));
    }

    /** The answers come in the order of the share; each gets its entry's place in the whole back. */
    private static Bundle numbered(Bundle share, Bundle answer) {
        for (int i = 0; i < answer.getEntry().size(); i++) {
            answer.getEntry().get(i).setId(share.getEntry().get(i).getId());
        }
        return answer;
    }

    /** A part that cannot be reached now ends by itself later, as was decided. */
    private Uni<Void> end(List<String> services, UUID id, String path, MultiMap caller) {
        MultiMap signed = signed(id, new byte[0], caller);
        return ResolveAcross.inParallel(
                        services,
                        service -> calls.send(service, HttpMethod.POST, path, Optional.empty(), signed)
                                .replaceWithVoid()
                                .onFailure()
                                .recoverWithNull())
                .replaceWithVoid();
    }

    private MultiMap signed(UUID id, byte[] body, MultiMap caller) {
        return MultiMap.caseInsensitiveMultiMap()
                .addAll(caller)
                .set(
                        PlatformSignature.HEADER,
                        signature.sign(
                                PlatformSignature.SPANNING_TRANSACTION,
                                PlatformSignature.content(id.toString(), body)));
    }

    private static <T> List<T> append(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    private static Buffer answer(TransactionPlan plan, List<Bundle> written, Map<Integer, Buffer> read) {
        Map<Integer, BundleEntryComponent> entries = new TreeMap<>(plan.toldSkipped());
        written.forEach(part -> part.getEntry().forEach(entry -> {
            entries.put(Integer.parseInt(entry.getId()), entry);
            entry.setId((String) null);
        }));
        read.forEach((place, entry) -> entries.put(
                place,
                FhirJson.parse(
                                Bundle.class,
                                Buffer.buffer("{\"resourceType\":\"Bundle\",\"entry\":[")
                                        .appendBuffer(entry)
                                        .appendString("]}")
                                        .getBytes())
                        .getEntryFirstRep()));
        Bundle response = new Bundle().setType(BundleType.TRANSACTIONRESPONSE);
        response.setEntry(new ArrayList<>(entries.values()));
        return Buffer.buffer(FhirJson.write(response));
    }

    private <T> Uni<T> offLoop(Callable<T> work) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(work, false).toCompletionStage());
    }
}
