package org.careloop.fhirvalidation.internal;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The types that an element may have.
 *
 * @param names empty: any
 * @param targets of a reference; empty: any
 */
record Types(Set<String> names, Set<String> targets) {

    private static final String REFERENCE = "Reference";

    /** Reads {@code Period Reference(Patient|Group)}; {@code *} is any type. */
    static Types of(String text) {
        if (text.equals("*") || text.startsWith("#") || text.isEmpty()) {
            return new Types(Set.of(), Set.of());
        }
        Set<String> names = new HashSet<>();
        Set<String> targets = new HashSet<>();
        for (String type : text.split(" ")) {
            if (type.startsWith(REFERENCE + "(")) {
                names.add(REFERENCE);
                targets.addAll(Arrays.asList(type.substring(REFERENCE.length() + 1, type.length() - 1)
                        .split("\\|")));
            } else {
                names.add(type);
            }
        }
        return new Types(Set.copyOf(names), Set.copyOf(targets));
    }

    boolean isChoice() {
        return names.size() > 1;
    }
}
