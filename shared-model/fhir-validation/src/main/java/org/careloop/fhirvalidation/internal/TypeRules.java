package org.careloop.fhirvalidation.internal;

import java.util.ArrayList;
import java.util.List;

/** What is demanded of a type with children, or of a backbone element. Filled by {@link Definitions}, then only read. */
public final class TypeRules {

    private final List<ElementRule> elements = new ArrayList<>();
    private final List<Invariant> invariants = new ArrayList<>();

    TypeRules() {}

    void add(ElementRule element) {
        elements.add(element);
    }

    void add(List<Invariant> more) {
        invariants.addAll(more);
    }

    List<ElementRule> elements() {
        return elements;
    }

    List<Invariant> invariants() {
        return invariants;
    }
}
