package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.IndexHash;
import org.careloop.fhirstore.internal.SqlRunner;
import org.careloop.fhirvalidation.LiteralReference;
import org.careloop.fhirvalidation.StructureRules;
import org.hl7.fhir.r4.model.Resource;

/**
 * What the writes of a unit refer to. Judged at its end, because the entries of a transaction may refer to each other in any
 * order; a reference that the version before had too is not judged again.
 */
final class ReferenceTargets {

    private static final String MISSING = """
            select u.ref from unnest($1::bigint[]) u (ref)
            where not exists (select from resource r where r.ref = u.ref and not r.deleted)""";

    private final SqlRunner sql;
    private final Set<String> held;
    private final OtherHolders others;
    private final Map<ResourceKey, String> mentioned = new LinkedHashMap<>();
    private final Map<ResourceKey, String> places = new HashMap<>();
    private final Set<ResourceKey> expected = new HashSet<>();

    ReferenceTargets(SqlRunner sql, Set<String> held, OtherHolders others) {
        this.sql = sql;
        this.held = held;
        this.others = others;
    }

    /** These come to be in other services together with this unit. */
    void expect(Set<ResourceKey> keys) {
        expected.addAll(keys);
    }

    /** Where a client finds the references in what it sent. */
    void name(List<LiteralReference> references) {
        references.forEach(reference -> places.putIfAbsent(reference.target(), reference.path()));
    }

    void mention(List<LiteralReference> references, Optional<Resource> previous) {
        if (references.isEmpty()) {
            return;
        }
        Set<ResourceKey> before = previous.stream()
                .flatMap(resource -> StructureRules.references(resource, "").stream())
                .map(LiteralReference::target)
                .collect(Collectors.toSet());
        references.stream()
                .filter(reference -> !before.contains(reference.target()) && !expected.contains(reference.target()))
                .forEach(reference -> mentioned.putIfAbsent(reference.target(), reference.path()));
    }

    /** Returns the keys, see {@link IndexHash#ofTarget}, of what is mentioned and would have to be here. */
    Set<Long> here() {
        return mentioned.keySet().stream()
                .filter(key -> held.contains(key.type()))
                .map(key -> IndexHash.ofTarget(key.reference()))
                .collect(Collectors.toSet());
    }

    /** Fails as {@link #require} does when another service has not what is mentioned of it. */
    Uni<Void> requireElsewhere() {
        Set<ResourceKey> elsewhere = mentioned.keySet().stream()
                .filter(key -> !held.contains(key.type()))
                .collect(Collectors.toSet());
        return elsewhere.isEmpty()
                ? Uni.createFrom().voidItem()
                : others.missing(elsewhere)
                        .chain(missing -> missing.isEmpty() ? Uni.createFrom().voidItem() : require());
    }

    /** Fails with {@link ProblemCode#REFERENCE_NOT_FOUND} and names each element that refers to what is not there. */
    Uni<Void> require() {
        if (mentioned.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Map<ResourceKey, String> judged = new LinkedHashMap<>(mentioned);
        mentioned.clear();
        Map<Boolean, Set<ResourceKey>> here = judged.keySet().stream()
                .collect(Collectors.partitioningBy(key -> held.contains(key.type()), Collectors.toSet()));
        return missing(sql, here.get(true))
                .chain(absent -> (here.get(false).isEmpty()
                                ? Uni.createFrom().item(Set.<ResourceKey>of())
                                : others.missing(here.get(false)))
                        .invoke(elsewhere -> refuse(judged, absent, elsewhere)))
                .replaceWithVoid();
    }

    /** Returns those of {@code keys} that are not here, or deleted. */
    static Uni<Set<ResourceKey>> missing(SqlRunner sql, Set<ResourceKey> keys) {
        if (keys.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        Map<Long, ResourceKey> byHash = keys.stream()
                .collect(Collectors.toMap(key -> IndexHash.ofTarget(key.reference()), key -> key, (one, same) -> one));
        return sql.run(MISSING, (Object) byHash.keySet().toArray(Long[]::new))
                .map(rows -> rows.stream().map(row -> byHash.get(row[0])).collect(Collectors.toSet()));
    }

    private void refuse(Map<ResourceKey, String> judged, Set<ResourceKey> here, Set<ResourceKey> elsewhere) {
        List<FhirProblem.Issue> issues = judged.entrySet().stream()
                .filter(entry -> here.contains(entry.getKey()) || elsewhere.contains(entry.getKey()))
                .map(entry -> places.getOrDefault(entry.getKey(), entry.getValue()))
                .map(path -> new FhirProblem.Issue(
                        Optional.of(path), path + ": refers to what is not here (expected: an existing resource)"))
                .toList();
        if (!issues.isEmpty()) {
            throw new FhirProblem(ProblemCode.REFERENCE_NOT_FOUND, issues);
        }
    }
}
