package org.careloop.parts;

/** The signal that asks a program to end in good order. */
public enum StopSignal {
    /** What a JVM takes as the request to shut down. */
    TERM,
    /** PostgreSQL's fast shutdown; on {@code TERM} it would wait for its clients to leave. */
    INT
}
