package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * Runs what takes long because a body is large on a worker thread, and goes on where the request was: other requests of
 * the event loop do not wait. What is small runs at once, since a change of threads would cost more.
 */
public final class HeavyWork {

    /** Takes about a millisecond to parse; more would be felt by the other requests of an event loop. */
    private static final int LARGE = 64 * 1024;

    private HeavyWork() {}

    /** Runs {@code work}, whose effort grows with {@code size} in bytes. Fails as it does. */
    public static <T> Uni<T> run(int size, Supplier<T> work) {
        return size < LARGE ? Uni.createFrom().item(work) : always(work);
    }

    /** Runs {@code work}, whose effort nobody knows. Fails as it does. */
    public static <T> Uni<T> always(Supplier<T> work) {
        Context context = Vertx.currentContext();
        if (context == null || !context.isEventLoopContext()) {
            return Uni.createFrom().item(work);
        }
        return Uni.createFrom()
                .completionStage(
                        () -> context.<T>executeBlocking(work::get, false).toCompletionStage());
    }
}
