package org.careloop.parts;

import java.time.Duration;

/** One running piece of the platform that is not ours: a database, a broker, an identity provider. */
public abstract sealed class Part implements AutoCloseable permits PostgresPart, KafkaPart, KeycloakPart {

    private final RunningProgram program;
    private final int port;

    Part(RunningProgram program, int port) {
        this.program = program;
        this.port = port;
    }

    /** Returns {@code part} once it is ready; one that does not get so within {@code limit} is closed. */
    static <P extends Part> P ready(P part, Duration limit) {
        try {
            part.awaitReady(limit);
            return part;
        } catch (PartFailure e) {
            part.close();
            throw e;
        }
    }

    final RunningProgram program() {
        return program;
    }

    /** The process that was started; alive, but ready only after {@link #awaitReady}. */
    public final ProcessHandle process() {
        return program.process();
    }

    /** The port on 127.0.0.1 that it serves. */
    public final int port() {
        return port;
    }

    /**
     * Returns once the part does its job for a client, not only when its port is open.
     *
     * @throws PartFailure when it ended or {@code limit} passed; with the end of its log
     */
    public abstract void awaitReady(Duration limit);

    /** Stops the part in good order, or by force after 30 seconds. Its data stays. Repeating it does nothing. */
    @Override
    public final void close() {
        program.close();
    }
}
