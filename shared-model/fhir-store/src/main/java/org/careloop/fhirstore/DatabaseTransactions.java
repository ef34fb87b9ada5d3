package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The one way to a transaction in this service's database. What has begun goes on to its commit or rollback, also when the
 * client hangs up, which cancels its request: a session that is closed in the middle gives its connection back to the pool with
 * the transaction open, and the next one to use it would write into that.
 */
@Singleton
public class DatabaseTransactions {

    private final Mutiny.SessionFactory sessions;

    DatabaseTransactions(Mutiny.SessionFactory sessions) {
        this.sessions = sessions;
    }

    /** Runs {@code work} in a transaction of its own, which is undone when {@code work} fails. */
    public <T> Uni<T> run(Function<Mutiny.Session, Uni<T>> work) {
        return Unbroken.of(sessions.withTransaction(work));
    }
}
