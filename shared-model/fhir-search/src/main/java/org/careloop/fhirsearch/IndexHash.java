package org.careloop.fhirsearch;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The 64-bit keys under which values are indexed. Type, parameter and value are all inside, so one narrow table serves
 * every parameter of every type; a query hashes the same way and finds by equality.
 */
public final class IndexHash {

    private static final HashFunction MURMUR = Hashing.murmur3_128();

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

    static long of(String... parts) {
        return hash(parts);
    }

    /** Of each part its length, in the byte order of Murmur, and its bytes. */
    private static long hash(String... parts) {
        byte[][] encoded = new byte[parts.length][];
        int size = 0;
        for (int i = 0; i < parts.length; i++) {
            encoded[i] = parts[i].getBytes(StandardCharsets.UTF_8);
            size += Integer.BYTES + encoded[i].length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] part : encoded) {
            bytes.putInt(part.length).put(part);
        }
        return MURMUR.hashBytes(bytes.array()).asLong();
    }
}
