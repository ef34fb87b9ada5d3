package org.careloop.fhirsearch;

import java.util.Arrays;

/**
 * What the hash of an index entry is made of: type and parameter, for a composite the first part's value as well. So values
 * of a composite's second part are indexed and asked for as those of any parameter.
 */
final class IndexKey {

    private final String[] parts;
    private final byte[] encoded;
    private final long hash;

    private IndexKey(String... parts) {
        this.parts = parts;
        this.encoded = IndexHash.encode(parts);
        this.hash = IndexHash.of(encoded);
    }

    static IndexKey of(String type, String parameter) {
        return new IndexKey(type, parameter);
    }

    /** For tables that keep the value in clear. */
    long hash() {
        return hash;
    }

    /** For the table of tokens. */
    long hash(String form) {
        return IndexHash.of(encoded, form);
    }

    IndexKey and(String part) {
        return new IndexKey(with(part));
    }

    private String[] with(String part) {
        String[] more = Arrays.copyOf(parts, parts.length + 1);
        more[parts.length] = part;
        return more;
    }

    /** The key of something else that is indexed of the same parameter, such as {@code :text}. */
    IndexKey of(String aspect) {
        String[] other = parts.clone();
        other[1] += aspect;
        return new IndexKey(other);
    }
}
