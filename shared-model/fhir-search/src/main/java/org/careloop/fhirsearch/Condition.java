package org.careloop.fhirsearch;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What a resource must fulfil to be found. Values are hashed already; who compiles it needs no FHIR. */
public sealed interface Condition {

    /** Has at least one of these token keys, see {@link IndexHash#ofValue}. */
    record HasToken(Set<Long> anyOf) implements Condition {}

    /** Refers by {@code parameter} to at least one of these targets, see {@link IndexHash#ofTarget}. */
    record RefersTo(long parameter, Set<Long> anyOf) implements Condition {}

    /** Has a folded string under {@code parameter} that starts with, or contains, one of {@code folded}. */
    record HasString(long parameter, List<String> folded, boolean contains) implements Condition {}

    /** Has a date under {@code parameter} that stands in {@code comparison} to {@code range}. */
    record HasDate(long parameter, Comparison comparison, DateRange range) implements Condition {}

    /** Has a number under {@code parameter} that stands in {@code comparison} to the interval. */
    record HasNumber(long parameter, Comparison comparison, double low, double high) implements Condition {}

    /** Has one of these logical ids. */
    record HasId(Set<String> anyOf) implements Condition {}

    /** Was last changed in {@code comparison} to {@code range}. */
    record Changed(Comparison comparison, DateRange range) implements Condition {}

    /** Is in the compartment of a patient whose care was granted to {@code organization} (its id). */
    record GrantedTo(String organization) implements Condition {}

    /** Is in the compartment of the patient with this id. */
    record InCompartment(String patient) implements Condition {}

    /** Refers by {@code parameter} to a resource of {@code type} in this store that fulfils {@code target}. */
    record Chain(long parameter, String type, Condition target) implements Condition {}

    /** A resource of {@code type} in this store that fulfils {@code source} refers to it by {@code parameter}. */
    record ReverseChain(String type, long parameter, Condition source) implements Condition {}

    /** Fulfils at least one; an empty list is never fulfilled. */
    record AnyOf(List<Condition> conditions) implements Condition {}

    /** Fulfils all; an empty list is always fulfilled. */
    record AllOf(List<Condition> conditions) implements Condition {}

    /** Does not fulfil {@code condition}. */
    record Not(Condition condition) implements Condition {}

    /**
     * Returns this condition, except that chains look only at what {@code shown} opens of each type: otherwise who may not
     * see a resource could ask for its content by a chain, and learn it from what is found.
     */
    default Condition chainedWithin(Function<String, Condition> shown) {
        return switch (this) {
            case Chain chain -> new Chain(chain.parameter, chain.type, narrowed(chain.target, chain.type, shown));
            case ReverseChain chain ->
                new ReverseChain(chain.type, chain.parameter, narrowed(chain.source, chain.type, shown));
            case AnyOf any ->
                new AnyOf(any.conditions.stream()
                        .map(each -> each.chainedWithin(shown))
                        .toList());
            case AllOf all ->
                new AllOf(all.conditions.stream()
                        .map(each -> each.chainedWithin(shown))
                        .toList());
            case Not not -> new Not(not.condition.chainedWithin(shown));
            case HasToken _, RefersTo _, HasString _, HasDate _, HasNumber _, HasId _, Changed _ -> this;
            case GrantedTo _, InCompartment _ -> this;
        };
    }

    private static Condition narrowed(Condition condition, String type, Function<String, Condition> shown) {
        return new AllOf(List.of(condition.chainedWithin(shown), shown.apply(type)));
    }

    /** Fulfilled by every resource. */
    Condition EVERYTHING = new AllOf(List.of());

    /** Fulfilled by none. */
    Condition NOTHING = new AnyOf(List.of());
}
