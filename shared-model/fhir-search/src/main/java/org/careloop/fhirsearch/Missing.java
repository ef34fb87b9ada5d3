package org.careloop.fhirsearch;

import java.util.List;
import java.util.Set;

/** What {@code :missing} asks for. */
final class Missing {

    private static final DateRange EVER = new DateRange(DateRange.MIN, DateRange.MAX);

    private Missing() {}

    /** Returns the condition that {@code parameter} has no value. */
    static Condition of(SearchParameter parameter) {
        IndexKey key = parameter.key();
        return switch (parameter.kind()) {
            case TOKEN, REFERENCE -> mark(key, Aspect.ABSENT);
            case STRING -> unless(key, new Condition.HasString(key.hash(), List.of(""), false));
            case URI -> unless(key, new Condition.HasString(key.of(Aspect.BELOW).hash(), List.of(""), false));
            case DATE -> unless(key, new Condition.HasDate(key.hash(), Comparison.AP, EVER));
            case NUMBER, QUANTITY ->
                unless(key, new Condition.HasNumber(key.hash(), Comparison.GE, -Double.MAX_VALUE, -Double.MAX_VALUE));
            case COMPOSITE -> ofComposite(parameter);
        };
    }

    /** R4 demands the first part wherever the second may be, so both are there together when both are there. */
    private static Condition ofComposite(SearchParameter parameter) {
        return parameter.parts().isEmpty()
                ? new Condition.AllOf(parameter.unites().stream()
                        .map(name -> of(parameter.type(), name))
                        .toList())
                : new Condition.AnyOf(parameter.parts().stream()
                        .map(part -> of(parameter.type(), part.name()))
                        .toList());
    }

    private static Condition of(String type, String name) {
        return of(SearchParameters.find(type, name).orElseThrow());
    }

    private static Condition unless(IndexKey key, Condition present) {
        return new Condition.Not(new Condition.AnyOf(List.of(present, mark(key, Aspect.UNREADABLE))));
    }

    private static Condition mark(IndexKey key, String mark) {
        return new Condition.HasToken(key.hash(), Set.of(key.hash(mark)), false);
    }
}
