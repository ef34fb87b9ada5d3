package org.careloop.eventflow.internal;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.careloop.fhirstore.Reindexing;

/**
 * One walk over stored resources, oldest first, a batch at each step. Rows that somebody else changes just then are come back
 * to at the end: they may have given up. Where it is stands nowhere: a walk that ended early begins anew, and finds what it
 * did done.
 */
final class ReindexPass {

    /** The rows that are walked over. */
    interface Rows {
        /** Returns at most {@code most} of them behind {@code after}, lowest first. */
        Uni<List<Long>> next(long after, int most);
    }

    private final Reindexing reindexing;
    private final Rows rows;
    private final int batchSize;
    private List<Long> held = new ArrayList<>();
    private long after;
    private long done;
    private boolean over;

    ReindexPass(Reindexing reindexing, Rows rows, int batchSize) {
        this.reindexing = reindexing;
        this.rows = rows;
        this.batchSize = batchSize;
    }

    /** Indexes the next batch; returns what cannot be indexed of it. */
    List<Reindexing.Unreadable> step() {
        List<Long> batch = await(rows.next(after, batchSize));
        boolean last = batch.size() < batchSize;
        if (batch.isEmpty()) {
            batch = held;
            held = new ArrayList<>();
        } else {
            after = batch.getLast();
        }
        Reindexing.Outcome outcome = await(reindexing.reindex(batch));
        held.addAll(outcome.held());
        done += outcome.done();
        over = last && held.isEmpty();
        return outcome.unreadable();
    }

    /** Tells whether every row was met. */
    boolean isOver() {
        return over;
    }

    /** How many resources it brought up to date. */
    long done() {
        return done;
    }

    /** Waits; for the threads of loops alone. */
    static <T> T await(Uni<T> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
