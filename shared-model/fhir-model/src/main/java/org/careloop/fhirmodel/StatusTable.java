package org.careloop.fhirmodel;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may move a resource from which status to which: the table that each life cycle of the domain is written as.
 * Immutable; what the table does not name is refused.
 *
 * @param <S> the statuses of the resource
 * @param <A> the parties that may set them
 */
public final class StatusTable<S extends Enum<S>, A extends Enum<A>> {

    private record Step<S, A>(Optional<S> from, S to, A actor) {}

    private final String element;
    private final Function<S, String> codeOf;
    private final Class<S> statuses;
    private final Set<Step<S, A>> steps;

    private StatusTable(Builder<S, A> builder) {
        this.element = builder.element;
        this.codeOf = builder.codeOf;
        this.statuses = builder.statuses;
        this.steps = Set.copyOf(builder.steps);
    }

    /**
     * Starts a table for {@code element}, the FHIRPath of the status ({@code Task.status}), whose statuses are written
     * as {@code codeOf} says.
     */
    public static <S extends Enum<S>, A extends Enum<A>> Builder<S, A> of(
            String element, Class<S> statuses, Function<S, String> codeOf) {
        return new Builder<>(element, statuses, codeOf);
    }

    /** Returns the statuses that {@code actor} may set from {@code from} (empty: a new resource), in their order. */
    public List<S> allowed(Optional<S> from, A actor) {
        return EnumSet.allOf(statuses).stream()
                .filter(to -> steps.contains(new Step<>(from, to, actor)))
                .toList();
    }

    /**
     * Passes when {@code actor} may move the resource from {@code from} (empty: it is new) to {@code to}; fails
     * otherwise with {@link ProblemCode#RULE_VIOLATED} and the statuses that this actor may set from there.
     */
    public void require(Optional<S> from, S to, A actor) {
        if (!steps.contains(new Step<>(from, to, actor))) {
            throw new FhirProblem(
                    ProblemCode.RULE_VIOLATED,
                    element,
                    element + ": " + from.map(codeOf).orElse("new") + " -> " + codeOf.apply(to) + " (expected: "
                            + alternatives(allowed(from, actor)) + ")");
        }
    }

    private String alternatives(Collection<S> allowed) {
        List<String> codes = allowed.stream().map(codeOf).toList();
        return switch (codes.size()) {
            case 0 -> "no change";
            case 1 -> codes.getFirst();
            default ->
                codes.stream().limit(codes.size() - 1L).collect(Collectors.joining(", ")) + " or " + codes.getLast();
        };
    }

    /** Collects the rows of a table; each row adds to those before it. */
    public static final class Builder<S extends Enum<S>, A extends Enum<A>> {

        private final String element;
        private final Class<S> statuses;
        private final Function<S, String> codeOf;
        private final Set<Step<S, A>> steps = new HashSet<>();

        private Builder(String element, Class<S> statuses, Function<S, String> codeOf) {
            this.element = element;
            this.statuses = statuses;
            this.codeOf = codeOf;
        }

        /** A new resource may be made in each status of {@code to} by each of {@code actors}. */
        public Builder<S, A> create(Set<S> to, Set<A> actors) {
            return add(Stream.of(Optional.empty()), to, actors);
        }

        /** Each status of {@code from} may become each of {@code to}, set by each of {@code actors}. */
        public Builder<S, A> move(Set<S> from, Set<S> to, Set<A> actors) {
            return add(from.stream().map(Optional::of), to, actors);
        }

        /** Returns the finished table. */
        public StatusTable<S, A> build() {
            return new StatusTable<>(this);
        }

        private Builder<S, A> add(Stream<Optional<S>> from, Set<S> to, Set<A> actors) {
            from.forEach(start -> to.forEach(end -> actors.forEach(actor -> steps.add(new Step<>(start, end, actor)))));
            return this;
        }
    }
}
