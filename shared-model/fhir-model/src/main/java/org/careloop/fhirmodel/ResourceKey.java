package org.careloop.fhirmodel;

import java.util.Optional;

/** A resource of this platform: its type and logical id, written {@code Type/id}. */
public record ResourceKey(String type, FhirId id) {

    private static final String HISTORY = "/_history/";
    private static final int LONGEST_TYPE = 64;

    /** Returns the key named by {@code type} and {@code id}; fails with {@link ProblemCode#INVALID_ID}. */
    public static ResourceKey of(String type, String id) {
        return new ResourceKey(type, new FhirId(id));
    }

    /** Reads a relative literal reference ({@code Type/id}, a version is ignored); empty for every other form. */
    public static Optional<ResourceKey> parse(String reference) {
        int slash = reference.indexOf('/');
        if (slash < 0 || !isType(reference, slash)) {
            return Optional.empty();
        }
        int end = reference.indexOf('/', slash + 1);
        String id = reference.substring(slash + 1, end < 0 ? reference.length() : end);
        boolean versioned = end >= 0
                && reference.startsWith(HISTORY, end)
                && FhirId.isValid(reference.substring(end + HISTORY.length()));
        return FhirId.isValid(id) && (end < 0 || versioned)
                ? Optional.of(of(reference.substring(0, slash), id))
                : Optional.empty();
    }

    /** A capital letter and at least one more letter, up to {@code end}. */
    private static boolean isType(String text, int end) {
        if (end < 2 || end > LONGEST_TYPE || text.charAt(0) < 'A' || text.charAt(0) > 'Z') {
            return false;
        }
        for (int i = 1; i < end; i++) {
            char lower = (char) (text.charAt(i) | 0x20);
            if (lower < 'a' || lower > 'z') {
                return false;
            }
        }
        return true;
    }

    /** Returns the relative literal reference, {@code Type/id}. */
    public String reference() {
        return type + "/" + id.value();
    }

    @Override
    public String toString() {
        return reference();
    }
}
