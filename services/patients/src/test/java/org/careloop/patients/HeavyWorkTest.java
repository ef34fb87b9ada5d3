package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.careloop.fhirstore.HeavyWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Heavy work keeps no event loop busy, and what follows goes on where the request was. */
class HeavyWorkTest {

    private final Vertx vertx = Vertx.vertx();

    private record Seen(boolean workedOnLoop, boolean wentOnOnLoop) {}

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void largeWorkLeavesTheEventLoopAndComesBack() throws Exception {
        assertThat(run(10_000_000)).isEqualTo(new Seen(false, true));
    }

    @Test
    void smallWorkStaysWhereItIs() throws Exception {
        assertThat(run(2_000)).isEqualTo(new Seen(true, true));
    }

    @Test
    void workOfUnknownEffortLeavesTheEventLoopAndComesBack() throws Exception {
        assertThat(run(() -> HeavyWork.always(Context::isOnEventLoopThread))).isEqualTo(new Seen(false, true));
    }

    @Test
    void failsAsTheWorkDoes() {
        assertThatThrownBy(() -> run(() -> HeavyWork.always(() -> {
                    throw new IllegalStateException("as the test says");
                })))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("as the test says");
    }

    @Test
    void whoIsOnNoEventLoopWorksAtOnce() {
        Thread here = Thread.currentThread();
        assertThat(HeavyWork.always(Thread::currentThread).await().indefinitely())
                .isSameAs(here);
    }

    private Seen run(int size) throws Exception {
        return run(() -> HeavyWork.run(size, Context::isOnEventLoopThread));
    }

    private Seen run(Supplier<Uni<Boolean>> work) throws Exception {
        CompletableFuture<Seen> seen = new CompletableFuture<>();
        vertx.getOrCreateContext()
                .runOnContext(ignored -> work.get()
                        .subscribe()
                        .with(
                                onLoop -> seen.complete(new Seen(onLoop, Context.isOnEventLoopThread())),
                                seen::completeExceptionally));
        return seen.get(10, TimeUnit.SECONDS);
    }
}
