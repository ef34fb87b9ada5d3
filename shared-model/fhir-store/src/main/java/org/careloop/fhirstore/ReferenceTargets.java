package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.calleraccess.AccessPolicy;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.internal.ResourceReads;
import org.careloop.fhirvalidation.LiteralReference;
import org.careloop.fhirvalidation.StructureRules;
import org.hl7.fhir.r4.model.Resource;

/**
 * What the writes of a unit refer to. It must be there, and be shown to who writes: else whoever guesses an id learns from the
 * answer that it exists. Judged at the end of the unit, because the entries of a transaction may refer to each other in any
 * order; a reference that the version before had too is not judged again.
 */
final class ReferenceTargets {

    /** @param caller who refers to it */
    private record Mention(String path, Caller caller) {}

    private final ResourceReads reads;
    private final Set<String> held;
    private final AccessPolicy policy;
    private final OtherHolders others;
    private final Map<ResourceKey, Mention> mentioned = new LinkedHashMap<>();
    private final Map<ResourceKey, String> places = new HashMap<>();
    private final Set<ResourceKey> expected = new HashSet<>();
    private final Set<ResourceKey> open = new HashSet<>();
    private final Set<ResourceKey> hidden = new HashSet<>();

    ReferenceTargets(ResourceReads reads, Set<String> held, AccessPolicy policy, OtherHolders others) {
        this.reads = reads;
        this.held = held;
        this.policy = policy;
        this.others = others;
    }

    /** These come to be in other services together with this unit. */
    void expect(Set<ResourceKey> keys) {
        expected.addAll(keys);
    }

    /** Who refers to this was let into its record, or wrote it in this unit: that it must be there is all that is asked. */
    void open(ResourceKey key) {
        open.add(key);
    }

    /** Counts as not there for who refers to it, because its record is shut to them. */
    void hide(ResourceKey key) {
        hidden.add(key);
    }

    /** Returns what forgets all that is told from now on. */
    Runnable remembered() {
        Map<ResourceKey, Mention> mentions = new LinkedHashMap<>(mentioned);
        Set<ResourceKey> opened = Set.copyOf(open);
        Set<ResourceKey> hid = Set.copyOf(hidden);
        return () -> {
            mentioned.clear();
            mentioned.putAll(mentions);
            open.retainAll(opened);
            hidden.retainAll(hid);
        };
    }

    /** Where a client finds the references in what it sent. */
    void name(List<LiteralReference> references) {
        references.forEach(reference -> places.putIfAbsent(reference.target(), reference.path()));
    }

    void mention(List<LiteralReference> references, Optional<Resource> previous, Caller caller) {
        if (references.isEmpty()) {
            return;
        }
        Set<ResourceKey> before = previous.stream()
                .flatMap(resource -> StructureRules.references(resource, "").stream())
                .map(LiteralReference::target)
                .collect(Collectors.toSet());
        references.stream()
                .filter(reference -> !before.contains(reference.target()) && !expected.contains(reference.target()))
                .forEach(reference -> mentioned.putIfAbsent(reference.target(), new Mention(reference.path(), caller)));
    }

    /**
     * Returns the keys, see {@link IndexHash#ofTarget}, of what is mentioned and would have to be here, by the condition that it
     * has to fulfil.
     */
    Map<Condition, Set<Long>> here() {
        return byCondition(mentioned).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, group -> hashes(group.getValue()).keySet()));
    }

    /** Tells whether other services have, and show, all that is mentioned of them. */
    Uni<Boolean> areElsewhere() {
        return missingElsewhere(mentioned).map(Set::isEmpty);
    }

    /**
     * Fails with {@link ProblemCode#REFERENCE_NOT_FOUND} and names each element that refers to what is not there; what is hidden
     * is not told from it.
     */
    Uni<Void> require() {
        if (mentioned.isEmpty() && hidden.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Map<ResourceKey, Mention> judged = new LinkedHashMap<>(mentioned);
        mentioned.clear();
        return missingHere(judged)
                .chain(here -> missingElsewhere(judged).invoke(elsewhere -> {
                    Set<ResourceKey> missing = new HashSet<>(here);
                    missing.addAll(elsewhere);
                    missing.addAll(hidden);
                    refuse(judged, missing);
                }))
                .replaceWithVoid();
    }

    /** Tells whether anything that is mentioned and would have to be here is not, or hidden. */
    Uni<Boolean> areHere() {
        return missingHere(mentioned).map(Set::isEmpty);
    }

    private Map<Condition, Set<ResourceKey>> byCondition(Map<ResourceKey, Mention> judged) {
        return judged.entrySet().stream()
                .filter(each -> held.contains(each.getKey().type()))
                .collect(Collectors.groupingBy(
                        each -> open.contains(each.getKey())
                                ? Condition.EVERYTHING
                                : policy.shown(
                                        each.getValue().caller(), each.getKey().type()),
                        Collectors.mapping(Map.Entry::getKey, Collectors.toSet())));
    }

    private Uni<Set<ResourceKey>> missingHere(Map<ResourceKey, Mention> judged) {
        return InTurn.map(
                        new ArrayList<>(byCondition(judged).entrySet()),
                        group -> missing(reads, group.getValue(), group.getKey()))
                .map(sets -> sets.stream().flatMap(Set::stream).collect(Collectors.toSet()));
    }

    private Uni<Set<ResourceKey>> missingElsewhere(Map<ResourceKey, Mention> judged) {
        Map<Caller, Set<ResourceKey>> elsewhere = judged.entrySet().stream()
                .filter(each -> !held.contains(each.getKey().type()))
                .collect(Collectors.groupingBy(
                        each -> open.contains(each.getKey())
                                ? Caller.PLATFORM
                                : each.getValue().caller(),
                        Collectors.mapping(Map.Entry::getKey, Collectors.toSet())));
        return InTurn.map(
                        new ArrayList<>(elsewhere.entrySet()),
                        group -> others.missing(group.getValue(), group.getKey()))
                .map(sets -> sets.stream().flatMap(Set::stream).collect(Collectors.toSet()));
    }

    /** Returns those of {@code keys} that are not here, deleted, or do not fulfil {@code access}. */
    static Uni<Set<ResourceKey>> missing(ResourceReads reads, Set<ResourceKey> keys, Condition access) {
        Map<Long, ResourceKey> byHash = hashes(keys);
        return reads.absent(byHash.keySet(), access)
                .map(absent -> absent.stream().map(byHash::get).collect(Collectors.toSet()));
    }

    private static Map<Long, ResourceKey> hashes(Set<ResourceKey> keys) {
        return keys.stream()
                .collect(Collectors.toMap(key -> IndexHash.ofTarget(key.reference()), key -> key, (one, same) -> one));
    }

    private void refuse(Map<ResourceKey, Mention> judged, Set<ResourceKey> missing) {
        List<FhirProblem.Issue> issues = judged.entrySet().stream()
                .filter(entry -> missing.contains(entry.getKey()))
                .map(entry ->
                        places.getOrDefault(entry.getKey(), entry.getValue().path()))
                .map(path -> new FhirProblem.Issue(
                        Optional.of(path), path + ": refers to what is not here (expected: an existing resource)"))
                .toList();
        if (!issues.isEmpty()) {
            throw new FhirProblem(ProblemCode.REFERENCE_NOT_FOUND, issues);
        }
        // Nothing that was judged leads there: what the caller refers to was referred to before.
        hidden.stream().findFirst().ifPresent(patient -> {
            throw UnitOfWork.notOpen(patient.type());
        });
    }
}
