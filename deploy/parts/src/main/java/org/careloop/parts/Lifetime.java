package org.careloop.parts;

/** How long a child process may live. */
public enum Lifetime {
    /**
     * Ends with this JVM: at its normal exit and at SIGINT or SIGTERM by a shutdown hook, at {@code kill -9} by a
     * watching shell that sees its pipe break. Only killing both leaves the child behind.
     */
    WITH_PARENT,
    /** Goes on when this JVM ends, in a session of its own, so that Ctrl-C in the terminal does not reach it. */
    DETACHED
}
