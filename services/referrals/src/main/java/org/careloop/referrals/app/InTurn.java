package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.function.Function;

/** Runs steps one after the other, as a unit of work needs it: it is one connection. */
final class InTurn {

    private InTurn() {}

    static <T> Uni<Void> each(Collection<T> items, Function<T, Uni<?>> step) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (T item : items) {
            all = all.chain(() -> step.apply(item).replaceWithVoid());
        }
        return all;
    }
}
