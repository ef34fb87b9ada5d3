package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Resource;

/**
 * What a service demands of every write of one type, whoever writes and by whatever interaction. Runs inside the unit of
 * work of the write: a failure undoes it, and what {@link #follow} writes commits with it.
 */
public interface WriteRule {

    /** The resource type that this rule guards. */
    String type();

    /**
     * Locks what units have to lock before the resource {@code key} itself, which may not exist; called before a unit
     * first locks it. Two types whose writes lead to each other get one order by it, or two units would wait for each
     * other.
     */
    default Uni<Void> lockBefore(ResourceKey key, UnitOfWork unit) {
        return Uni.createFrom().voidItem();
    }

    /**
     * Judges a create or update for which this rule needs nothing but the write itself, and of which nothing follows:
     * returns what {@link #check} would, or fails as it does. Such a write takes one statement instead of a transaction.
     * Empty, as by default, for all others.
     */
    default Optional<Resource> checkAlone(Write write) {
        return Optional.empty();
    }

    /**
     * Returns what is to be stored for {@code write}, usually {@link Write#next} itself; fails with a FhirProblem when the
     * write is refused.
     */
    Uni<Resource> check(Write write, UnitOfWork unit);

    /** Writes what follows from {@code write}, now stored as {@code saved}. */
    default Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return Uni.createFrom().voidItem();
    }

    /**
     * Keeps what the service knows of {@code moved} besides, now stored as {@code saved}: it refers to another patient than before,
     * because two were found to be one person, or told apart again. Nothing is judged then, and {@link #follow} is not called: it
     * says what it said.
     */
    default Uni<Void> moved(Resource moved, StoredResource saved, UnitOfWork unit) {
        return Uni.createFrom().voidItem();
    }
}
