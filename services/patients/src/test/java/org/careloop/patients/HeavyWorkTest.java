package org.careloop.patients;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.careloop.fhirstore.HeavyWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A large body keeps no event loop busy, and what follows goes on where the request was. */
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

    private Seen run(int size) throws Exception {
        CompletableFuture<Seen> seen = new CompletableFuture<>();
        vertx.getOrCreateContext()
                .runOnContext(ignored -> HeavyWork.run(size, Context::isOnEventLoopThread)
                        .subscribe()
                        .with(
                                onLoop -> seen.complete(new Seen(onLoop, Context.isOnEventLoopThread())),
                                seen::completeExceptionally));
        return seen.get(10, TimeUnit.SECONDS);
    }
}
