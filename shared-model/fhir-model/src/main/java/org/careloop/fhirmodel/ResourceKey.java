package org.careloop.fhirmodel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A resource of this platform: its type and logical id, written {@code Type/id}. */
public record ResourceKey(String type, FhirId id) {

    private static final Pattern RELATIVE =
            Pattern.compile("([A-Z][A-Za-z]{1,63})/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?");

    /** Returns the key named by {@code type} and {@code id}; fails with {@link ProblemCode#INVALID_ID}. */
    public static ResourceKey of(String type, String id) {
        return new ResourceKey(type, new FhirId(id));
    }

    /** Reads a relative literal reference ({@code Type/id}, a version is ignored); empty for every other form. */
    public static Optional<ResourceKey> parse(String reference) {
        Matcher matcher = RELATIVE.matcher(reference);
        return matcher.matches() ? Optional.of(of(matcher.group(1), matcher.group(2))) : Optional.empty();
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
