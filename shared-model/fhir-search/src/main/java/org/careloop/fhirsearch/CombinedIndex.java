package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirJson;

/**
 * A reference and a token parameter that are often asked for together, such as the owner and the status of what an agency
 * polls for. Their values are indexed as one, in the order of change, so that the newest matches are found without looking at
 * those that fulfil only one of the two, however many there are.
 *
 * @param type the resource type
 * @param reference a reference parameter
 * @param token a token parameter; indexed by its code alone, so a search that names the system does without this index
 */
public record CombinedIndex(String type, String reference, String token) {

    /** Reads {@code Type:reference+token}; fails with {@link IllegalStateException} when there are no such parameters. */
    public static CombinedIndex parse(String text) {
        String[] parts = text.split("[:+]");
        if (parts.length == 3
                && FhirJson.context().getResourceTypes().contains(parts[0])
                && hasKind(parts[0], parts[1], SearchParameter.Kind.REFERENCE)
                && hasKind(parts[0], parts[2], SearchParameter.Kind.TOKEN)) {
            return new CombinedIndex(parts[0], parts[1], parts[2]);
        }
        throw new IllegalStateException(
                "combined index " + text + " (expected: Type:reference+token with two search parameters of the type)");
    }

    private static boolean hasKind(String type, String parameter, SearchParameter.Kind kind) {
        return SearchParameters.find(type, parameter)
                .filter(found -> found.kind() == kind)
                .isPresent();
    }

    /**
     * Returns the key under which what {@code conditions} ask for is found, and the two that it stands for; empty when they
     * do not ask for one value of each parameter.
     */
    public Optional<Use> use(Set<String> types, List<Condition> conditions) {
        if (!types.equals(Set.of(type))) {
            return Optional.empty();
        }
        long referenceKey = IndexHash.ofParameter(type, reference);
        long tokenKey = IndexHash.ofParameter(type, token);
        for (Condition one : conditions) {
            if (one instanceof Condition.RefersTo refers
                    && refers.parameter() == referenceKey
                    && refers.anyOf().size() == 1) {
                for (Condition other : conditions) {
                    if (other instanceof Condition.HasToken has
                            && has.parameter() == tokenKey
                            && has.plain()
                            && has.anyOf().size() == 1) {
                        return Optional.of(new Use(
                                key(
                                        refers.anyOf().iterator().next(),
                                        has.anyOf().iterator().next()),
                                List.of(one, other)));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** A search that this index answers. */
    public record Use(long key, List<Condition> answered) {}

    /** Returns the keys of a resource. */
    List<Long> keys(Set<IndexEntries.ReferenceEntry> references, Map<String, Set<Long>> codes) {
        List<Long> keys = new ArrayList<>();
        long referenceKey = IndexHash.ofParameter(type, reference);
        for (IndexEntries.ReferenceEntry entry : references) {
            if (entry.parameter() == referenceKey) {
                codes.getOrDefault(token, Set.of()).forEach(code -> keys.add(key(entry.target(), code)));
            }
        }
        return keys;
    }

    /** As it is configured and kept: {@code Type:reference+token}. */
    @Override
    public String toString() {
        return type + ":" + reference + "+" + token;
    }

    private long key(long target, long code) {
        return IndexHash.ofPair(type, reference, token, target, code);
    }
}
