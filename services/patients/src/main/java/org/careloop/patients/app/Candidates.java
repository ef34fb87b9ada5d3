package org.careloop.patients.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.StoredResource;
import org.careloop.patients.domain.Blocks;
import org.careloop.patients.domain.Comparison;
import org.careloop.patients.domain.Grade;
import org.careloop.patients.domain.MatchRules;
import org.careloop.patients.domain.PersonTraits;
import org.hl7.fhir.r4.model.Patient;

/** Finds the Patients that one may be, most likely first. */
@Singleton
public class Candidates {

    private static final String MOST_OF_A_BLOCK = "500";

    private final MatchRules rules;
    private final KnownTraits known;
    private final Comparison comparison;

    Candidates(MatchRules rules) {
        this.rules = rules;
        this.known = new KnownTraits(rules);
        this.comparison = new Comparison(rules);
    }

    /** A Patient and how likely it is the one that is asked for. */
    public record Candidate(StoredResource stored, Comparison.Result result) {

        /** The id of the Patient. */
        public String id() {
            return stored.key().id().value();
        }

        /** The Patient, as far as who asks may see it. */
        public Patient patient() {
            return stored.as(Patient.class);
        }
    }

    /** The rules that decide. */
    MatchRules rules() {
        return rules;
    }

    /**
     * Returns whom {@code told} may be, without those who certainly are not, and those who were replaced: who stands for them has their
     * identifiers.
     *
     * @param search finds Patients, as far as who asks may see them
     */
    Uni<List<Candidate>> of(Patient told, Function<List<QueryParameter>, Uni<List<StoredResource>>> search) {
        return among(Blocks.of(told, rules), told, search);
    }

    /** As {@link #of}, but only those who have an identifier of {@code told}. */
    Uni<List<Candidate>> byIdentifier(Patient told, Function<List<QueryParameter>, Uni<List<StoredResource>>> search) {
        return among(Blocks.byIdentifier(told, rules).stream().toList(), told, search);
    }

    private Uni<List<Candidate>> among(
            List<Blocks.Block> blocks, Patient told, Function<List<QueryParameter>, Uni<List<StoredResource>>> search) {
        return InTurn.map(blocks, block -> search.apply(parameters(block))).chain(found -> {
            Map<ResourceKey, StoredResource> all = new LinkedHashMap<>();
            found.forEach(page -> page.forEach(each -> all.putIfAbsent(each.key(), each)));
            int size =
                    all.values().stream().mapToInt(each -> each.body().length()).sum();
            return HeavyWork.run(size, () -> likeliest(told, all.values()));
        });
    }

    private List<Candidate> likeliest(Patient told, Collection<StoredResource> found) {
        PersonTraits traits = PersonTraits.of(told, rules);
        return found.stream()
                .flatMap(stored -> compare(traits, stored))
                .sorted(Comparator.comparingDouble(
                                (Candidate each) -> each.result().score())
                        .reversed()
                        .thenComparing(Candidate::id))
                .toList();
    }

    /** Nothing when it is certainly somebody else, or another stands for them. */
    private Stream<Candidate> compare(PersonTraits told, StoredResource stored) {
        KnownTraits.Known other = known.of(stored);
        if (other.replaced()) {
            return Stream.empty();
        }
        Comparison.Result result = comparison.compare(told, other.traits());
        return result.grade() == Grade.CERTAINLY_NOT ? Stream.empty() : Stream.of(new Candidate(stored, result));
    }

    private static List<QueryParameter> parameters(Blocks.Block block) {
        List<QueryParameter> parameters = new ArrayList<>();
        block.parameters().forEach(each -> parameters.add(new QueryParameter(each[0], each[1])));
        parameters.add(new QueryParameter("_count", MOST_OF_A_BLOCK));
        return parameters;
    }
}
