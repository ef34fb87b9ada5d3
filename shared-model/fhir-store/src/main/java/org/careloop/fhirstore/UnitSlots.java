package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets so many units of work run at once and no more; others wait in their order. Units wait for locks, also for those of a
 * prepared transaction, and hold a connection meanwhile: without this they could hold all of them, and who ends that
 * transaction would wait for them to give up.
 */
final class UnitSlots {

    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int free;

    UnitSlots(int most) {
        this.free = most;
    }

    /** Who waits, and where it goes on: a session of the database lives on one event loop. */
    private record Waiting(CompletableFuture<Void> turn, Optional<Context> context) {

        static Waiting here() {
            return new Waiting(new CompletableFuture<>(), Optional.ofNullable(Vertx.currentContext()));
        }

        void goOn() {
            context.ifPresentOrElse(
                    loop -> loop.runOnContext(ignored -> turn.complete(null)), () -> turn.complete(null));
        }
    }

    /** Runs {@code work} when its turn comes; from then on to its end, for it keeps the slot until then. */
    <T> Uni<T> within(Supplier<Uni<T>> work) {
        return Uni.createFrom()
                .deferred(this::turn)
                .chain(() -> Unbroken.of(Uni.createFrom().<T>deferred(work::get).eventually(this::leave)));
    }

    private Uni<Void> turn() {
        Waiting own = Waiting.here();
        return enter(own)
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().completionStage(own.turn()).onCancellation().invoke(() -> giveUp(own));
    }

    private synchronized boolean enter(Waiting own) {
        if (free == 0) {
            queue.add(own);
            return false;
        }
        free--;
        return true;
    }

    private void leave() {
        Waiting next;
        synchronized (this) {
            next = queue.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.goOn();
    }

    /** Who is no longer in the queue has been given a slot that it does not take. */
    private void giveUp(Waiting waiting) {
        boolean waits;
        synchronized (this) {
            waits = queue.remove(waiting);
        }
        if (!waits) {
            leave();
        }
    }
}
