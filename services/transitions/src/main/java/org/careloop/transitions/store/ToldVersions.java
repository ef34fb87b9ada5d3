package org.careloop.transitions.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.careloop.fhirstore.UnitOfWork;

/**
 * Which version of a resource was told last, also where it showed nothing or was deleted. An event that had become a dead letter and is
 * replayed when a later one was taken says nothing any more.
 */
@Singleton
public class ToldVersions {

    private static final String TELL = """
            insert into told_version as known (reference, version) values ($1, $2)
            on conflict (reference) do update set version = greatest(known.version, excluded.version)
            returning version = $2""";

    ToldVersions() {}

    /**
     * Runs {@code work}, which is what version {@code version} of the resource {@code reference} says, unless a later one was told. No
     * other unit is told of the resource meanwhile.
     */
    public Uni<Void> ofNewest(String reference, long version, UnitOfWork unit, Supplier<Uni<Void>> work) {
        return unit.sql(TELL, reference, version)
                .chain(rows -> (boolean) rows.getFirst()[0]
                        ? work.get()
                        : Uni.createFrom().voidItem());
    }
}
