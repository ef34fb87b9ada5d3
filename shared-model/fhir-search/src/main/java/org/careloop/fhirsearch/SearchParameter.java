package org.careloop.fhirsearch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One search parameter of one type, as FHIR R4 defines it.
 *
 * @param path the elements that hold its values; of a composite those that hold its parts
 * @param targets the types a reference may point to; empty when the definition names none (any type)
 * @param parts of a composite: the two parameters whose values one element must hold together; empty for others
 * @param unites names of the parameters of the same type and kind whose values together are those of this one; only what
 *     is costly to keep is kept under their names alone
 */
public record SearchParameter(
        String type,
        String name,
        Kind kind,
        SearchPath path,
        Set<String> targets,
        List<Part> parts,
        List<String> unites) {

    /** Made once for each parameter: a search of many values needs them often. */
    private static final Map<List<String>, IndexKey> KEYS = new ConcurrentHashMap<>();

    /** How values of a parameter are written, indexed and compared. */
    public enum Kind {
        TOKEN,
        REFERENCE,
        STRING,
        DATE,
        NUMBER,
        QUANTITY,
        URI,
        COMPOSITE
    }

    /**
     * One part of a composite.
     *
     * @param name the parameter of the same type that it is like
     * @param path where its values are, from the element that holds both parts
     */
    public record Part(String name, Kind kind, SearchPath path, Set<String> targets) {}

    /** The key of the index rows that a search is sorted by, where the kind has such rows. */
    public long sortKey() {
        return key(kind == Kind.URI ? Aspect.BELOW : "").hash();
    }

    /** The key under which values are indexed. */
    IndexKey key() {
        return key("");
    }

    /** The key of an {@link Aspect}. */
    IndexKey key(String aspect) {
        return KEYS.computeIfAbsent(List.of(type, name, aspect), parts -> IndexKey.of(type, name + aspect));
    }
}
