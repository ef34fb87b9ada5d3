package org.careloop.platformhttp;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * Goes on where it was made: what several wait for together comes back on the event loop of one of them, and a session of the database
 * lives on one event loop.
 */
public final class HereAgain implements Executor {

    private final Context here = Vertx.currentContext();

    private HereAgain() {}

    /** Returns what runs commands in the context of the caller; at once when it has none, or is in it already. */
    public static HereAgain now() {
        return new HereAgain();
    }

    @Override
    public void execute(Runnable command) {
        if (here == null || here == Vertx.currentContext()) {
            command.run();
        } else {
            here.runOnContext(ignored -> command.run());
        }
    }
}
