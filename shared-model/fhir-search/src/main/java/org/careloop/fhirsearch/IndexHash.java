package org.careloop.fhirsearch;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The 64-bit keys under which values are indexed. Type, parameter and value are all inside, so one narrow table serves
 * every parameter of every type; a query hashes the same way and finds by equality.
 */
public final class IndexHash {

    private IndexHash() {}

    /** The key of a parameter of a type, for tables that keep the value in clear (dates, numbers, strings). */
    public static long ofParameter(String type, String parameter) {
        return hash(type, parameter);
    }

    /**
     * The key of one value of a token, uri or exact string parameter. {@code form} tells the spellings of a token apart:
     * {@code system|code}, {@code code}, {@code |code} and {@code system|}.
     */
    public static long ofValue(String type, String parameter, String form) {
        return hash(type, parameter, form);
    }

    /** The key of a resource as the target of references: its relative reference {@code Type/id} or an absolute URL. */
    public static long ofTarget(String reference) {
        return hash(reference);
    }

    /** The key of a value of a reference and one of a token parameter together, see {@link CombinedIndex}. */
    static long ofPair(String type, String reference, String token, long target, long code) {
        return hash(type, reference, token, Long.toHexString(target), Long.toHexString(code));
    }

    static long of(List<String> parts) {
        return hash(parts.toArray(String[]::new));
    }

    private static long hash(String... parts) {
        Hasher hasher = Hashing.murmur3_128().newHasher();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            hasher.putInt(bytes.length).putBytes(bytes);
        }
        return hasher.hash().asLong();
    }
}
