package org.careloop.parts;

import java.time.Duration;

/** One running piece of the platform that is not ours: a database, a broker, an identity provider. */
public sealed interface Part extends AutoCloseable permits PostgresPart, KafkaPart, KeycloakPart {

    /** The process that was started; alive, but ready only after {@link #awaitReady}. */
    ProcessHandle process();

    /** The port on 127.0.0.1 that it serves. */
    int port();

    /**
     * Returns once the part does its job for a client, not only when its port is open.
     *
     * @throws PartFailure when it ended or {@code limit} passed; with the end of its log
     */
    void awaitReady(Duration limit);

    /** Stops the part in good order, or by force after 30 seconds. Its data stays. Repeating it does nothing. */
    @Override
    void close();
}
