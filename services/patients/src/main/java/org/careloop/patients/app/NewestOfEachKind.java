package org.careloop.patients.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.SearchRequest;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.patients.PatientsConfig;

/**
 * The first matches of a search of each kind, which an element tells: two are of one kind when they share a coding of it, or
 * its text where there is no coding. Matches are read page by page, so that only what is kept takes memory.
 */
@Singleton
class NewestOfEachKind {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ResourceStore store;
    private final PatientsConfig config;

    NewestOfEachKind(ResourceStore store, PatientsConfig config) {
        this.store = store;
        this.config = config;
    }

    /**
     * Returns the first {@code most} of each kind, in the order of {@code search}; fails with {@link ProblemCode#TOO_COSTLY}.
     *
     * @param element a CodeableConcept of what is searched
     */
    Uni<List<StoredResource>> handle(
            SearchRequest search, Function<String, Condition> shown, String element, int most) {
        return next(search, shown, new Kinds(element, most));
    }

    private Uni<List<StoredResource>> next(SearchRequest search, Function<String, Condition> shown, Kinds kinds) {
        return store.search(search, shown).chain(page -> {
            page.matches().forEach(kinds::add);
            if (page.next().isEmpty()) {
                return Uni.createFrom().item(kinds.kept);
            }
            if (kinds.seen >= config.maxExamined()) {
                throw new FhirProblem(
                        ProblemCode.TOO_COSTLY,
                        "query: too many resources to look at (expected: at most " + config.maxExamined()
                                + "; narrow it)");
            }
            return next(search.from(page.next()), shown, kinds);
        });
    }

    private static final class Kinds {
        private final String element;
        private final int most;
        private final List<StoredResource> kept = new ArrayList<>();
        private final Map<String, Integer> kindOf = new HashMap<>();
        private final Map<Integer, Integer> sizes = new HashMap<>();
        private int seen;

        Kinds(String element, int most) {
            this.element = element;
            this.most = most;
        }

        void add(StoredResource resource) {
            seen++;
            Set<String> names = names(resource);
            int kind = names.stream()
                    .filter(kindOf::containsKey)
                    .map(kindOf::get)
                    .findFirst()
                    .orElse(seen);
            names.forEach(name -> kindOf.putIfAbsent(name, kind));
            if (sizes.merge(kind, 1, Integer::sum) <= most) {
                kept.add(resource);
            }
        }

        private Set<String> names(StoredResource resource) {
            JsonNode concept = read(resource).path(element);
            Set<String> names = new HashSet<>();
            for (JsonNode coding : concept.path("coding")) {
                if (coding.has("code")) {
                    names.add(coding.path("system").asText() + "|"
                            + coding.path("code").asText());
                }
            }
            if (names.isEmpty()) {
                names.add(concept.path("text").asText());
            }
            return names;
        }

        private static JsonNode read(StoredResource resource) {
            try {
                return JSON.readTree(resource.body().getBytes());
            } catch (IOException e) {
                throw new IllegalStateException("what is stored is JSON", e);
            }
        }
    }
}
