package org.careloop.fhirmodel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * The logical id of a resource, valid by construction.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#id">FHIR R4 id</a>
 */
public record FhirId(String value) {

    private static final int LONGEST = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Fails with {@link ProblemCode#INVALID_ID} when {@code value} is not 1-64 of {@code A-Z a-z 0-9 - .}. */
    public FhirId {
        if (!isValid(value)) {
            throw new FhirProblem(ProblemCode.INVALID_ID, "id has invalid syntax (expected: 1-64 of A-Z a-z 0-9 - .)");
        }
    }

    /** Not by a pattern: a write makes some of these for every reference that it indexes. */
    static boolean isValid(String value) {
        if (value.isEmpty() || value.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            boolean valid = each >= 'a' && each <= 'z'
                    || each >= 'A' && each <= 'Z'
                    || each >= '0' && each <= '9'
                    || each == '-'
                    || each == '.';
            if (!valid) {
                return false;
            }
        }
        return true;
    }

    /** Returns a new id, a version 7 UUID: later ids sort after earlier ones, which keeps index inserts at the right. */
    public static FhirId next() {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        ByteBuffer bits = ByteBuffer.wrap(random);
        long high = System.currentTimeMillis() << 16 | 0x7000L | bits.getShort() & 0x0FFFL;
        long low = bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new FhirId(new UUID(high, low).toString());
    }

    /**
     * Returns the same id for the same {@code parts}, as a version 8 UUID. For resources that are made from an outside
     * fact, so that the same fact told twice makes one resource.
     */
    public static FhirId derivedFrom(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                digest.update(bytes);
            }
            ByteBuffer bits = ByteBuffer.wrap(digest.digest());
            long high = bits.getLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x8000L;
            long low = bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
            return new FhirId(new UUID(high, low).toString());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
