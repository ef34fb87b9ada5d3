package org.careloop.patients;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirstore.ResourceStore;

/** A transaction that has written a resource and is not committed yet. */
final class HeldUnit {

    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private HeldUnit() {}

    /** Returns one that has created {@code json}. */
    static HeldUnit creating(ResourceStore store, String json) throws Exception {
        HeldUnit held = new HeldUnit();
        CompletableFuture<Void> written = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                held.ended.complete(VertxContextSupport.subscribeAndAwait(() -> store.inUnit(
                        unit -> unit.create(Caller.PLATFORM, FhirJson.parse(json.getBytes(StandardCharsets.UTF_8)))
                                .invoke(() -> written.complete(null))
                                .call(() -> whenDone(held.released))
                                .map(saved -> saved.key().id().value()))));
            } catch (Throwable e) {
                written.completeExceptionally(e);
                held.ended.completeExceptionally(e);
            }
        });
        written.get();
        return held;
    }

    /** Lets it commit; returns the id of what it created. */
    String commit() throws Exception {
        released.complete(null);
        return ended.get();
    }

    /** A session is used on the thread of its context alone. */
    private static Uni<Void> whenDone(CompletableFuture<Void> released) {
        Context context = Vertx.currentContext();
        return Uni.createFrom()
                .emitter(emitter -> released.thenRun(() -> context.runOnContext(now -> emitter.complete(null))));
    }
}
