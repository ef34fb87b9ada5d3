package org.careloop.fhirsearch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * The 64-bit keys under which values are indexed. Type, parameter and value are all inside, so one narrow table serves
 * every parameter of every type; a query hashes the same way and finds by equality.
 */
public final class IndexHash {

    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

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

    static long of(byte[] encoded) {
        return MurmurHash3.hash128x64(encoded)[0];
    }

    /** The hash of parts that are encoded already and one more. */
    static long of(byte[] encoded, String last) {
        byte[] part = last.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(encoded, encoded.length + Integer.BYTES + part.length);
        put(part, all, encoded.length);
        return of(all);
    }

    private static long hash(String... parts) {
        return of(encode(parts));
    }

    /** Of each part its length, in the byte order of Murmur, and its bytes. */
    static byte[] encode(String... parts) {
        byte[] all = {};
        for (String text : parts) {
            byte[] part = text.getBytes(StandardCharsets.UTF_8);
            int start = all.length;
            all = Arrays.copyOf(all, start + Integer.BYTES + part.length);
            put(part, all, start);
        }
        return all;
    }

    /** Mixes every bit of {@code value} into all, as Murmur's last step does. */
    static long avalanche(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    private static void put(byte[] part, byte[] into, int start) {
        LITTLE_ENDIAN.set(into, start, part.length);
        System.arraycopy(part, 0, into, start + Integer.BYTES, part.length);
    }
}
