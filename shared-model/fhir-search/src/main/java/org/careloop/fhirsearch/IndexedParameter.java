package org.careloop.fhirsearch;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.careloop.fhirsearch.SearchParameter.Kind;

/**
 * A search parameter with the hashes that every resource of its type needs: most parameters have no value in most resources,
 * and then their mark is all that is indexed.
 */
record IndexedParameter(
        SearchParameter parameter, IndexKey key, long absent, long unreadable, long text, IndexKey ofType) {

    private static final Map<String, List<IndexedParameter>> BY_TYPE = new ConcurrentHashMap<>();

    /** Returns the parameters of {@code type} whose values are indexed. */
    static List<IndexedParameter> of(String type) {
        List<IndexedParameter> known = BY_TYPE.get(type);
        return known != null ? known : BY_TYPE.computeIfAbsent(type, IndexedParameter::read);
    }

    private static List<IndexedParameter> read(String type) {
        return SearchParameters.of(type).values().stream()
                .filter(parameter -> !SearchParameters.FROM_COLUMNS.contains(parameter.name()))
                // One that only unites others has no entries of its own.
                .filter(parameter ->
                        parameter.kind() != Kind.COMPOSITE || !parameter.parts().isEmpty())
                .map(IndexedParameter::of)
                .toList();
    }

    private static IndexedParameter of(SearchParameter parameter) {
        IndexKey key = parameter.key();
        return new IndexedParameter(
                parameter,
                key,
                key.hash(Aspect.ABSENT),
                key.hash(Aspect.UNREADABLE),
                parameter.key(Aspect.TEXT).hash(),
                parameter.key(Aspect.OF_TYPE));
    }
}
