package org.careloop.fhirsearch;

import java.util.ArrayList;
import java.util.List;

/**
 * What the hash of an index entry is made of: type and parameter, for a composite the first part's value as well. So values
 * of a composite's second part are indexed and asked for as those of any parameter.
 */
record IndexKey(List<String> parts) {

    static IndexKey of(String type, String parameter) {
        return new IndexKey(List.of(type, parameter));
    }

    /** For tables that keep the value in clear. */
    long hash() {
        return IndexHash.of(parts);
    }

    /** For the table of tokens. */
    long hash(String form) {
        return and(form).hash();
    }

    IndexKey and(String part) {
        List<String> more = new ArrayList<>(parts);
        more.add(part);
        return new IndexKey(more);
    }

    /** The key of something else that is indexed of the same parameter, such as {@code :text}. */
    IndexKey of(String aspect) {
        List<String> other = new ArrayList<>(parts);
        other.set(1, other.get(1) + aspect);
        return new IndexKey(other);
    }
}
