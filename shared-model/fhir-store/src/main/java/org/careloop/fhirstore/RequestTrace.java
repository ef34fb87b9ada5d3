package org.careloop.fhirstore;

import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import java.util.Optional;

/**
 * The W3C trace context of the request or event that is being handled, carried in the duplicated Vert.x context.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">Trace Context</a>
 */
public final class RequestTrace {

    private static final String KEY = "careloop.traceparent";

    private RequestTrace() {}

    /** Returns the current trace parent; empty outside a request. */
    public static Optional<String> current() {
        return VertxContext.isOnDuplicatedContext() ? ContextLocals.get(KEY) : Optional.empty();
    }

    /** Sets the trace parent for the rest of this request; does nothing outside one. */
    public static void set(String traceParent) {
        if (VertxContext.isOnDuplicatedContext()) {
            ContextLocals.put(KEY, traceParent);
        }
    }

    /** As before {@link #set}: for who does the work of several requests in turn. */
    public static void clear() {
        if (VertxContext.isOnDuplicatedContext()) {
            ContextLocals.remove(KEY);
        }
    }
}
