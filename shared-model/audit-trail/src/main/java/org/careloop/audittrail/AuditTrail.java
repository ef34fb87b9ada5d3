package org.careloop.audittrail;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgException;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.careloop.audittrail.internal.AuditRows;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is recorded of answers. Those that come while one statement is on its way are written by the next one together: one
 * row and one commit, whatever their number, so that their cost is shared by all who wait for it.
 */
@Singleton
public class AuditTrail {

    private final Pool pool;
    private final boolean enabled;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private boolean underway;

    AuditTrail(Pool pool, AuditConfig config) {
        this.pool = pool;
        this.enabled = config.enabled();
    }

    /** A row, and where who waits for it goes on. */
    private record Waiting(AuditRow row, CompletableFuture<Void> written, Optional<Context> context) {

        static Waiting here(AuditRow row) {
            return new Waiting(row, new CompletableFuture<>(), Optional.ofNullable(Vertx.currentContext()));
        }

        void end(@Nullable Throwable failure) {
            context.ifPresentOrElse(loop -> loop.runOnContext(ignored -> tell(failure)), () -> tell(failure));
        }

        private void tell(@Nullable Throwable failure) {
            if (failure == null) {
                written.complete(null);
            } else {
                written.completeExceptionally(failure);
            }
        }
    }

    /** Completes when {@code row} is durable; fails when it cannot be written, and then the answer must not leave. */
    public Uni<Void> record(AuditRow row) {
        if (!enabled) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom().completionStage(() -> {
            Waiting own = Waiting.here(row);
            synchronized (this) {
                queue.add(own);
            }
            writeNext();
            return own.written();
        });
    }

    private void writeNext() {
        List<Waiting> together = next();
        if (!together.isEmpty()) {
            write(together)
                    .onFailure(failure -> failure instanceof PgException && together.size() > 1)
                    .recoverWithUni(() -> singly(together))
                    .subscribe()
                    .with(ignored -> end(together, null), failure -> end(together, failure));
        }
    }

    private synchronized List<Waiting> next() {
        if (underway || queue.isEmpty()) {
            return List.of();
        }
        underway = true;
        List<Waiting> together = new ArrayList<>();
        while (!queue.isEmpty() && together.size() < AuditRows.MOST_IN_ONE) {
            together.add(queue.remove());
        }
        return together;
    }

    private void end(List<Waiting> together, @Nullable Throwable failure) {
        together.forEach(waiting -> waiting.end(failure));
        synchronized (this) {
            underway = false;
        }
        writeNext();
    }

    private Uni<Void> write(List<Waiting> together) {
        return pool.preparedQuery(AuditRows.INSERT)
                .execute(
                        AuditRows.parameters(together.stream().map(Waiting::row).toList()))
                .replaceWithVoid();
    }

    /** What the database does not take of one row must not be the loss of the others. */
    private Uni<Void> singly(List<Waiting> together) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (Waiting waiting : together) {
            all = all.chain(
                    () -> write(List.of(waiting)).onFailure(PgException.class).recoverWithItem(failure -> {
                        waiting.written().completeExceptionally(failure);
                        return null;
                    }));
        }
        return all;
    }
}
