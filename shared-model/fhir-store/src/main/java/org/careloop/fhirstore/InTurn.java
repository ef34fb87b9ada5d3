package org.careloop.fhirstore;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Function;

/**
 * Runs steps one after the other, as a {@link UnitOfWork} demands: it is one connection. Any number of steps, because the
 * stack does not grow with them.
 */
public final class InTurn {

    private InTurn() {}

    /** Runs {@code step} for each item; fails as the first step that fails, and then runs none of the others. */
    public static <T> Uni<Void> each(Iterable<T> items, Function<T, Uni<?>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(item -> step.apply(item).replaceWith(Boolean.TRUE))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** As {@link #each}, and returns what the steps gave, in the order of the items. */
    public static <T, R> Uni<List<R>> map(Iterable<T> items, Function<T, Uni<R>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(step::apply)
                .collect()
                .asList();
    }
}
